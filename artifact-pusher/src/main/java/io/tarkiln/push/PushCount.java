package io.tarkiln.push;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what became of an image's blobs. */
final class PushCount {
  private final Progress progress;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger mounted = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();

  PushCount(Progress progress) {
    this.progress = progress;
  }

  void blob(String digest, long size, Progress.Fate fate) {
    (switch (fate) {
          case SENT -> sent;
          case MOUNTED -> mounted;
          case SKIPPED -> skipped;
        })
        .incrementAndGet();
    progress.blob(digest, size, fate);
  }

  void sending(long size) {
    progress.sending(size);
  }

  void bytes(long count) {
    bytes.addAndGet(count);
    progress.sent(count);
  }

  /** Whether nothing had to be done for any blob so far. */
  boolean isAllThere() {
    return sent.get() == 0 && mounted.get() == 0;
  }

  PushedImage pushed(String image, String digest, String mediaType) {
    return new PushedImage(
        image, digest, mediaType, bytes.get(), sent.get(), mounted.get(), skipped.get());
  }
}
