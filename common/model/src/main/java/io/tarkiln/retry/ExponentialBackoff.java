package io.tarkiln.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The delays between attempts at one thing: each twice as long as the one before, up to a bound.
 *
 * @param first delay, after the first failure
 * @param max the longest delay
 */
public record ExponentialBackoff(Duration first, Duration max) {
  private static final double JITTER = 0.2;

  /** Beyond any bound in use; keeps the shift within a long. */
  private static final int MAX_DOUBLINGS = 20;

  public ExponentialBackoff {
    if (first.isNegative() || max.isNegative()) {
      throw new IllegalArgumentException("a delay of less than nothing");
    }
  }

  /**
   * How long to wait after so many failures in a row.
   *
   * @param failures from 1 on
   */
  public Duration delay(int failures) {
    return bounded(doubled(failures));
  }

  /**
   * The same, up to a fifth shorter or longer but within the bound, so that many who failed at once
   * do not all come back at once.
   */
  public Duration jittered(int failures) {
    double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return bounded(Duration.ofMillis((long) (doubled(failures).toMillis() * factor)));
  }

  private Duration doubled(int failures) {
    return first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
  }

  private Duration bounded(Duration delay) {
    return delay.compareTo(max) < 0 ? delay : max;
  }
}
