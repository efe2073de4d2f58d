package io.tarkiln.imagepush;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what became of an image's blobs. */
final class PushStatistics {
  private final PushProgress progress;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger mounted = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();

  PushStatistics(PushProgress progress) {
    this.progress = progress;
  }

  void blob(String digest, long size, PushProgress.BlobResult result) {
    (switch (result) {
          case SENT -> sent;
          case MOUNTED -> mounted;
          case SKIPPED -> skipped;
        })
        .incrementAndGet();
    progress.blob(digest, size, result);
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

  PushResult pushed(String image, String digest, String mediaType) {
    return new PushResult(
        image, digest, mediaType, bytes.get(), sent.get(), mounted.get(), skipped.get());
  }
}
