package io.tarkiln.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The delays between attempts at one thing: each twice as long as the one before, up to a bound.
 *
 * @param first delay, after the first failure
 * @param max the longest delay
 * @param jitter by what part a delay may be shorter or longer, within the bound, so that many who
 *     failed at once do not all come back at once
 */
public record ExponentialBackoff(Duration first, Duration max, double jitter) {
  private static final double JITTER = 0.2;

  /** Beyond any bound in use; keeps the shift within a long. */
  private static final int MAX_DOUBLINGS = 20;

  public ExponentialBackoff {
    if (first.isNegative() || max.isNegative()) {
      throw new IllegalArgumentException("a delay of less than nothing");
    }
  }

  /** Delays without jitter. */
  public ExponentialBackoff(Duration first, Duration max) {
    this(first, max, 0);
  }

  /** The same delays, up to a fifth shorter or longer. */
  public ExponentialBackoff jittered() {
    return new ExponentialBackoff(first, max, JITTER);
  }

  /**
   * How long to wait after so many failures in a row.
   *
   * @param failures from 1 on
   */
  public Duration delay(int failures) {
    Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    double factor = 1 + jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return bounded(jitter == 0 ? doubled : Duration.ofMillis((long) (doubled.toMillis() * factor)));
  }

  /** A delay that somebody asks for, as far as the bound allows. */
  Duration bounded(Duration delay) {
    return delay.compareTo(max) < 0 ? delay : max;
  }
}
