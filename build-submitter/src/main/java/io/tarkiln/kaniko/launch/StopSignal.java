package io.tarkiln.kaniko.launch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stops a run before its time, for the first of what may be several causes. */
public final class StopSignal {
  /** Why a run is stopped. */
  public enum Cause {
    CANCELLED,
    TIME_LIMIT,
    DISK_LIMIT,
    DISK_FULL,
    PROCESS_LIMIT,
    /** The engine closes; the run's end is passed to nobody. */
    CLOSING
  }

  private final CountDownLatch stopped = new CountDownLatch(1);
  private Optional<Cause> cause = Optional.empty();
  private Optional<KanikoProcess> kaniko = Optional.empty();

  /** Stops the run, unless something else did before. */
  public synchronized void stop(Cause why) {
    if (cause.isEmpty()) {
      cause = Optional.of(why);
      stopped.countDown();
      kaniko.ifPresent(KanikoProcess::kill);
    }
  }

  /** Kaniko runs now: it is killed at the signal, or at once if that was given. */
  public synchronized void guard(KanikoProcess running) {
    kaniko = Optional.of(running);
    if (cause.isPresent()) {
      running.kill();
    }
  }

  /** Kaniko has ended. */
  public synchronized void release() {
    kaniko = Optional.empty();
  }

  public synchronized Optional<Cause> cause() {
    return cause;
  }

  /** Waits for a stop, at most this long; returns whether it came. */
  public boolean await(Duration longest) throws InterruptedException {
    return stopped.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }
}
