package io.tarkiln.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When to try again what failed in passing, and when to give up.
 *
 * @param backoff the waits between attempts
 * @param attempts how many may fail in a row, from 1 on
 * @param patience for how long after the first failure in a row another attempt may begin
 */
public record RetryPolicy(ExponentialBackoff backoff, int attempts, Duration patience) {
  private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  public RetryPolicy {
    if (attempts < 1 || patience.isNegative()) {
      throw new IllegalArgumentException("retries want an attempt and patience");
    }
  }

  /** Gives up after so many failures in a row, however long they took. */
  public static RetryPolicy times(int attempts, ExponentialBackoff backoff) {
    return new RetryPolicy(backoff, attempts, FOREVER);
  }

  /** The same, trying again at once. */
  public static RetryPolicy atOnce(int attempts) {
    return times(attempts, new ExponentialBackoff(Duration.ZERO, Duration.ZERO));
  }

  /** Gives up so long after the first failure in a row. */
  public static RetryPolicy during(Duration patience, ExponentialBackoff backoff) {
    return new RetryPolicy(backoff, Integer.MAX_VALUE, patience);
  }

  /** Never gives up. */
  public static RetryPolicy always(ExponentialBackoff backoff) {
    return during(FOREVER, backoff);
  }

  /** A count of failures that has none yet. */
  public FailureStreak begin() {
    return begin(InstantSource.system());
  }

  FailureStreak begin(InstantSource clock) {
    return new FailureStreak(this, clock);
  }

  /**
   * How long to wait before the next attempt; empty where there is none.
   *
   * @param failures in a row, from 1 on
   * @param since when the first of them happened
   */
  public Optional<Duration> delay(int failures, Instant since, Instant now) {
    return delay(failures, since, now, backoff.delay(failures));
  }

  Optional<Duration> delay(int failures, Instant since, Instant now, Duration wait) {
    return failures < attempts && Duration.between(since, now.plus(wait)).compareTo(patience) <= 0
        ? Optional.of(wait)
        : Optional.empty();
  }
}
