package io.tarkiln.store;

import io.tarkiln.build.UnavailableException;

/**
 * Asks an S3 server whether it keeps the promise of {@link ObjectStore#writeOnce}. One that ignores
 * {@code If-None-Match} on PUT answers every writer that it was the first, so two instances would
 * each decide how a build ends, and nobody would notice.
 */
public final class WriteOnceCheck {
  /** What is wrong with a server that does not pass. */
  public static final String FAULT = "S3 does not honour If-None-Match on PUT";

  /** What to do about it. */
  public static final String REMEDY =
      "Tarkiln needs a server that does, or a build could end twice: Amazon S3, MinIO, s3proxy";

  private static final byte[] CONTENT = new byte[0];

  private final ObjectStore store;
  private volatile boolean passed;

  WriteOnceCheck(ObjectStore store) {
    this.store = store;
  }

  /** Whether the server passes; once it does, it is not asked again. */
  public boolean passes() throws UnavailableException {
    if (!passed) {
      boolean wasThere = !isFirst();
      passed = wasThere || !isFirst();
    }
    return passed;
  }

  /**
   * Lets nobody go on with a server that does not pass.
   *
   * @throws UnavailableException also where it does not answer
   */
  public void require() throws UnavailableException {
    if (!passes()) {
      throw new UnavailableException(FAULT + ": " + REMEDY);
    }
  }

  /**
   * An object that an earlier process has left serves as well: no second request is needed then.
   */
  private boolean isFirst() throws UnavailableException {
    return store.writeOnce(ObjectKeys.WRITE_ONCE_CHECK, CONTENT);
  }
}
