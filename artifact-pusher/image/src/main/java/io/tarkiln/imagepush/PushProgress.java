package io.tarkiln.imagepush;

/** Hears of a push as it goes, from any thread. */
public interface PushProgress {
  /** Nobody listens. */
  PushProgress NONE = new PushProgress() {};

  /** It is known what becomes of a blob. */
  default void blob(String digest, long size, BlobResult result) {}

  /** A blob of this size begins to be sent; others may follow. */
  default void sending(long size) {}

  /** So many bytes more went out; what is sent again after a failure counts again. */
  default void sent(long bytes) {}

  /** What becomes of a blob. */
  enum BlobResult {
    /** The repository has it. */
    SKIPPED,
    /** Another repository of the registry has it. */
    MOUNTED,
    SENT
  }
}
