package io.tarkiln.git;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** Watches over one fetch: how long it takes and how much it brings. */
public final class FetchGuard extends EmptyProgressMonitor {
  private static final int HEADER = 12;
  private static final long MAX_OBJECTS = 4_000_000;

  private final GitSettings.Limits limits;
  private final long start = System.nanoTime();
  private final AtomicLong bytes = new AtomicLong();

  public FetchGuard(GitSettings.Limits limits) {
    this.limits = limits;
  }

  /** More than is allowed; the message names the variable. */
  public static final class TooMuchException extends IOException {
    private static final long serialVersionUID = 1L;

    TooMuchException(String message) {
      super(message);
    }
  }

  /** Bytes that came so far. */
  long bytes() {
    return bytes.get();
  }

  @Override
  public boolean isCancelled() {
    return System.nanoTime() - start > limits.fetchTime().toNanos();
  }

  /** A stream that ends in a failure when the fetch outgrows its limits. */
  public InputStream bounded(InputStream in) {
    return new Bounded(in);
  }

  /**
   * The same for a pack, which says in its first bytes how many objects it has (git's
   * gitformat-pack); JGit makes room for all of them at once.
   */
  InputStream pack(InputStream in) throws IOException {
    InputStream bounded = bounded(in);
    byte[] header = bounded.readNBytes(HEADER);
    if (header.length == HEADER) {
      long objects = ByteBuffer.wrap(header).getInt(HEADER - Integer.BYTES) & 0xffff_ffffL;
      if (objects > MAX_OBJECTS) {
        throw new TooMuchException(
            "a pack has %d objects, and %d are the most".formatted(objects, MAX_OBJECTS));
      }
    }
    return new SequenceInputStream(new ByteArrayInputStream(header), bounded);
  }

  private void check() throws TooMuchException {
    if (isCancelled()) {
      throw tookTooLong();
    }
    if (bytes.get() > limits.fetchBytes()) {
      throw new TooMuchException(
          "one fetch brings more than the %d bytes of TARKILN_GIT_FETCH_BYTES"
              .formatted(limits.fetchBytes()));
    }
  }

  /** What a fetch that was cancelled stands for. */
  TooMuchException tookTooLong() {
    return new TooMuchException(
        "one fetch takes longer than the %d s of TARKILN_GIT_FETCH_TIME"
            .formatted(limits.fetchTime().toSeconds()));
  }

  /** Whether a fetch failed because it outgrew a limit. */
  static Optional<RejectedException> exceeded(Throwable failure, GitAddress address) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TooMuchException) {
        return Optional.of(rejected(address, String.valueOf(cause.getMessage()), failure));
      }
      if (cause instanceof TooLargeObjectInPackException) {
        return Optional.of(
            rejected(
                address, "a file is larger than TARKILN_SOURCE_LIMIT_FILE_BYTES allows", failure));
      }
      if (cause instanceof OutOfMemoryError) {
        return Optional.of(
            rejected(
                address, "its files do not fit into the memory that checkout-worker has", failure));
      }
    }
    return Optional.empty();
  }

  private static RejectedException rejected(GitAddress address, String why, Throwable failure) {
    return new RejectedException(
        Reason.LIMIT_EXCEEDED, "cannot fetch from %s: %s".formatted(address, why), failure);
  }

  private final class Bounded extends FilterInputStream {
    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      check();
      int read = super.read();
      if (read >= 0) {
        bytes.incrementAndGet();
      }
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      check();
      int read = super.read(buffer, offset, length);
      if (read > 0) {
        bytes.addAndGet(read);
      }
      return read;
    }
  }
}
