package io.tarkiln.kaniko.argo.reconcile;

import java.time.Duration;

/**
 * How long an object waits that failed again and again.
 *
 * @param first wait, which doubles each time
 * @param longest wait
 */
public record Backoff(Duration first, Duration longest) {
  private static final int MAX_DOUBLINGS = 20;

  public Backoff {
    if (first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("a backoff wants waits that grow");
    }
  }

  /** The wait after so many failures in a row, at least one. */
  Duration after(int failures) {
    Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }
}
