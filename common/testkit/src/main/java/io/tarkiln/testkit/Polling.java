package io.tarkiln.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what cannot tell us that it happened. */
public final class Polling {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Polling() {}

  /** Waits until it is so. */
  public static void until(Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.call()) {
      if (Instant.now().isAfter(end) || never.await(100, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it did not happen in " + PATIENCE);
      }
    }
  }
}
