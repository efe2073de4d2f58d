package io.tarkiln.cli;

import io.tarkiln.push.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** Says what becomes of each blob, and in between how many bytes went out. */
final class PushProgress implements Progress {
  private static final long BETWEEN_NANOS = 1_000_000_000L;

  private final PrintWriter err;
  private long bytes;
  private long said = System.nanoTime();

  PushProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public synchronized void blob(String digest, long size, Fate fate) {
    err.printf(
        "%-8s %s %s%n",
        fate.name().toLowerCase(Locale.ROOT), digest.substring(0, 19), Facts.size(size));
    err.flush();
  }

  @Override
  public synchronized void sent(long count) {
    bytes += count;
    if (System.nanoTime() - said > BETWEEN_NANOS) {
      said = System.nanoTime();
      err.printf("sending  %s so far%n", Facts.size(bytes));
      err.flush();
    }
  }

  void end() {
    err.flush();
  }
}
