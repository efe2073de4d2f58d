package io.tarkiln.embedded;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Waits for child processes, and ends them. */
public final class Processes {
  private Processes() {}

  /** Asks a process to end, and kills it when it takes longer than this. */
  public static void end(Process process, Duration patience) {
    process.destroy();
    awaitEnd(process, patience);
  }

  /** Something that a server may do or say already. */
  public interface Attempt {
    /**
     * Tries it.
     *
     * @throws IOException as false
     */
    boolean succeeds() throws IOException, InterruptedException;
  }

  /**
   * Waits until a server that is a process of its own has started.
   *
   * @return false where it ends instead, or takes longer than this
   */
  public static boolean awaitStart(Process server, Duration patience, Attempt attempt) {
    Instant end = Instant.now().plus(patience);
    try {
      while (server.isAlive() && Instant.now().isBefore(end)) {
        if (succeeds(attempt)) {
          return true;
        }
        server.waitFor(50, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static boolean succeeds(Attempt attempt) throws InterruptedException {
    try {
      return attempt.succeeds();
    } catch (IOException notYet) {
      return false;
    }
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
