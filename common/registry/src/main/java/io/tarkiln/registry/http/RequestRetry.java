package io.tarkiln.registry.http;

import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.retry.FailureStreak;
import io.tarkiln.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Whether and when a request to a registry is sent again. */
public final class RequestRetry {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;

  private final FailureStreak failures;

  public RequestRetry(RetryPolicy policy) {
    this.failures = policy.begin();
  }

  /** Whether the same request may be answered otherwise later. */
  public static boolean isPassing(RegistryAnswer response) {
    int status = response.statusCode();
    return status == TOO_MANY_REQUESTS
        || status == REQUEST_TIMEOUT
        || (status >= 500 && status != 501 && status != 505);
  }

  /** Something came of the last attempt. */
  public void succeeded() {
    failures.succeeded();
  }

  /**
   * Waits for the next attempt.
   *
   * @param answer of the last one, which may say how long to wait; none when there was none
   * @return whether there is a next attempt
   */
  public boolean pause(Optional<RegistryAnswer> answer) throws RegistryUnavailableException {
    try {
      return failures.pause(answer.flatMap(RequestRetry::requested));
    } catch (InterruptedException interrupted) {
      throw RegistryUnavailableException.interrupted(interrupted);
    }
  }

  /** {@code Retry-After}, in seconds or as a date (RFC 9110, section 10.2.3). */
  private static Optional<Duration> requested(RegistryAnswer answer) {
    return answer.headers().firstValue("Retry-After").flatMap(RequestRetry::parse);
  }

  private static Optional<Duration> parse(String after) {
    if (after.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(after)));
    }
    try {
      Instant until = ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), until);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeParseException odd) {
      return Optional.empty();
    }
  }
}
