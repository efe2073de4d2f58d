package io.tarkiln.pipeline;

import io.tarkiln.retry.ExponentialBackoff;
import io.tarkiln.retry.RetryPolicy;
import io.tarkiln.settings.Settings;
import java.time.Duration;
import java.time.Instant;

/**
 * How a stage works.
 *
 * @param concurrency steps that run at once, each on a thread of its own
 * @param mostInFlight records taken from Kafka and not yet settled; beyond it, polling pauses
 * @param retryFor how long what is unavailable is tried again before the build fails
 * @param firstRetry wait before the first repetition; it doubles, with jitter
 * @param longestRetry longest wait between two repetitions
 * @param longestHold how long a stage may take for a record, waiting included, before the build
 *     fails
 * @param longestBuild how long ago a build may have been asked for that a stage still works on
 */
public record StageSettings(
    int concurrency,
    int mostInFlight,
    Duration retryFor,
    Duration firstRetry,
    Duration longestRetry,
    Duration longestHold,
    Duration longestBuild) {
  public StageSettings {
    if (concurrency < 1 || mostInFlight < concurrency) {
      throw new IllegalArgumentException(
          "TARKILN_CONCURRENCY must be at least 1 and TARKILN_MOST_IN_FLIGHT at least as much");
    }
  }

  /** From {@code TARKILN_CONCURRENCY}, {@code _MOST_IN_FLIGHT}, {@code _RETRY_FOR} and so on. */
  public static StageSettings of(Settings settings) {
    return new StageSettings(
        Math.toIntExact(settings.number("TARKILN_CONCURRENCY", 4)),
        Math.toIntExact(settings.number("TARKILN_MOST_IN_FLIGHT", 2048)),
        settings.duration("TARKILN_RETRY_FOR", Duration.ofMinutes(15)),
        settings.duration("TARKILN_FIRST_RETRY", Duration.ofSeconds(1)),
        settings.duration("TARKILN_LONGEST_RETRY", Duration.ofSeconds(30)),
        settings.duration("TARKILN_LONGEST_HOLD", Duration.ofHours(6)),
        settings.duration("TARKILN_LONGEST_BUILD", Duration.ofDays(3)));
  }

  /** How what is unavailable is tried again before the build fails. */
  public RetryPolicy retries() {
    return RetryPolicy.during(retryFor, backoff());
  }

  /** The waits between two attempts at the same. */
  ExponentialBackoff backoff() {
    return new ExponentialBackoff(firstRetry, longestRetry).jittered();
  }

  /** How long a stage may hold a record of a build that was asked for then, at least a moment. */
  Duration hold(Instant asked) {
    Duration left = Duration.between(Instant.now(), asked.plus(longestBuild));
    Duration least = Duration.ofMillis(1);
    Duration hold = left.compareTo(longestHold) < 0 ? left : longestHold;
    return hold.compareTo(least) < 0 ? least : hold;
  }
}
