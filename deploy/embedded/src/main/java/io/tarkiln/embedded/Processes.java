package io.tarkiln.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Ends child processes. */
public final class Processes {
  private Processes() {}

  /** Asks a process to end, and kills it when it takes longer than this. */
  public static void end(Process process, Duration patience) {
    process.destroy();
    awaitEnd(process, patience);
  }

  /** Waits for the end of a process, and kills it when it takes longer than this. */
  static void awaitEnd(Process process, Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
