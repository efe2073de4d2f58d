package io.tarkiln.registry.blob;

import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Some bytes of a blob on their way, digested as they pass. When the blob's last bytes come and it
 * does not have the digest that names it, they are held back: no registry gets to see it whole.
 */
public final class BlobBody implements AutoCloseable {
  private final BlobContent blob;
  private final long from;
  private final long length;
  private final DigestCheckpoints checkpoints;
  private final MessageDigest before;
  private final LongConsumer sent;
  private final AtomicLong moved = new AtomicLong();
  private volatile DigestingStream current;

  /**
   * A part of a blob.
   *
   * @param checkpoints knows the digest of the bytes before {@code from}
   * @param sent hears of bytes as they go
   */
  public BlobBody(
      BlobContent blob, long from, long length, DigestCheckpoints checkpoints, LongConsumer sent)
      throws RegistryUnavailableException {
    this.blob = blob;
    this.from = from;
    this.length = length;
    this.checkpoints = checkpoints;
    this.before = checkpoints.at(from);
    this.sent = sent;
    this.current = stream();
  }

  /** The bytes from the first on. */
  public InputStream open() {
    close();
    current = stream();
    return current;
  }

  /** The same. */
  public BodyPublisher publisher() {
    return new StreamPublisher(open(), length);
  }

  /** In bytes. */
  public long length() {
    return length;
  }

  public long moved() {
    return moved.get();
  }

  /** Refuses the blob if its bytes turned out not to have its digest. */
  public void check() throws RegistryRefusedException {
    String actual = current.actual();
    if (!actual.isEmpty() && !actual.equals(blob.digest())) {
      throw new RegistryRefusedException(
          Refusal.WRONG_DIGEST,
          "a part of the image tar is named %s but has the digest %s"
              .formatted(blob.digest(), actual),
          null);
    }
  }

  @Override
  public void close() {
    try {
      current.close();
    } catch (IOException unfinished) {
      throw new UncheckedIOException("cannot close a blob's source", unfinished);
    }
  }

  private DigestingStream stream() {
    return new DigestingStream(
        blob,
        from,
        length,
        checkpoints,
        before,
        count -> {
          moved.addAndGet(count);
          sent.accept(count);
        });
  }
}
