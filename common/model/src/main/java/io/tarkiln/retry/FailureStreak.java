package io.tarkiln.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The failures in a row at one thing, and what its {@link RetryPolicy} says to the next of them.
 * Progress ends the row. For one thread at a time.
 */
public final class FailureStreak {
  private final RetryPolicy policy;
  private final InstantSource clock;
  private int count;
  private Instant since;

  FailureStreak(RetryPolicy policy, InstantSource clock) {
    this.policy = policy;
    this.clock = clock;
    this.since = clock.instant();
  }

  /** Something came of the last attempt: the next failure is the first. */
  public void succeeded() {
    count = 0;
  }

  /** An attempt failed: how long to wait before the next, or nothing, where it is given up. */
  public Optional<Duration> failed() {
    return failed(Optional.empty());
  }

  /**
   * The same.
   *
   * @param asked the wait that whoever failed asks for, in the place of ours
   */
  public Optional<Duration> failed(Optional<Duration> asked) {
    Instant now = clock.instant();
    since = count == 0 ? now : since;
    count++;
    Duration wait =
        asked.map(policy.backoff()::bounded).orElseGet(() -> policy.backoff().delay(count));
    return policy.delay(count, since, now, wait);
  }

  /**
   * An attempt failed: waits for the next.
   *
   * @return whether there is a next
   */
  public boolean pause(Optional<Duration> asked) throws InterruptedException {
    Optional<Duration> wait = failed(asked);
    if (wait.isPresent()) {
      Thread.sleep(wait.get().toMillis());
    }
    return wait.isPresent();
  }
}
