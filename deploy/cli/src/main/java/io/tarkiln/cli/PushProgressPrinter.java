package io.tarkiln.cli;

import io.tarkiln.cli.view.EventText;
import io.tarkiln.imagepush.PushProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Prints what becomes of each blob, and in between how many bytes were sent: on a terminal in a
 * line that is drawn anew, else in a line now and then.
 */
final class PushProgressPrinter implements PushProgress {
  private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(100);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean isLive;
  private final long start = System.nanoTime();
  private long sent;
  private long toSend;
  private boolean isDrawn;
  private long lastShown = System.nanoTime();

  PushProgressPrinter(PrintWriter err, boolean isLive) {
    this.err = err;
    this.isLive = isLive;
  }

  @Override
  public synchronized void blob(String digest, long size, BlobResult result) {
    clear();
    err.printf(
        "%-8s %s %s%n",
        result.name().toLowerCase(Locale.ROOT), digest.substring(0, 19), EventText.size(size));
    err.flush();
  }

  @Override
  public synchronized void sending(long size) {
    toSend += size;
  }

  @Override
  public synchronized void sent(long count) {
    Duration between = isLive ? BETWEEN_DRAWINGS : BETWEEN_LINES;
    if (System.nanoTime() - lastShown > between.toNanos()) {
      show(count);
    } else {
      sent += count;
    }
  }

  /** The same, shown in any case. */
  synchronized void show(long count) {
    sent += count;
    lastShown = System.nanoTime();
    clear();
    err.printf("sending  %s of %s, %s/s", EventText.size(sent), EventText.size(toSend), rate());
    isDrawn = isLive;
    if (!isLive) {
      err.println();
    }
    err.flush();
  }

  private String rate() {
    double seconds = Math.max((System.nanoTime() - start) / 1e9, 1e-3);
    return EventText.size((long) (sent / seconds));
  }

  private void clear() {
    if (isDrawn) {
      err.print(CLEAR);
      isDrawn = false;
    }
  }

  synchronized void end() {
    clear();
    err.flush();
  }
}
