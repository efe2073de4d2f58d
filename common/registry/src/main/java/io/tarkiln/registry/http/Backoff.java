package io.tarkiln.registry.http;

import io.tarkiln.registry.error.RegistryUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The waits between attempts at one thing. */
public final class Backoff {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;

  private final RetryPolicy retries;
  private int failed;

  public Backoff(RetryPolicy retries) {
    this.retries = retries;
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
    failed = 0;
  }

  /**
   * Waits for the next attempt.
   *
   * @param answer of the last one, which may say how long to wait; none when there was none
   * @return whether there is a next attempt
   */
  public boolean pause(Optional<RegistryAnswer> answer) throws RegistryUnavailableException {
    failed++;
    if (failed >= retries.attempts()) {
      return false;
    }
    Duration wait =
        answer.flatMap(Backoff::requested).orElseGet(() -> retries.backoff().jittered(failed));
    try {
      Thread.sleep(Math.min(wait.toMillis(), retries.longest().toMillis()));
      return true;
    } catch (InterruptedException interrupted) {
      throw RegistryUnavailableException.interrupted(interrupted);
    }
  }

  /** {@code Retry-After}, in seconds or as a date (RFC 9110, section 10.2.3). */
  private static Optional<Duration> requested(RegistryAnswer answer) {
    return answer.headers().firstValue("Retry-After").flatMap(Backoff::parse);
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
