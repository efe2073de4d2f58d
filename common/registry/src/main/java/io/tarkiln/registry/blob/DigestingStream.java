package io.tarkiln.registry.blob;

import io.tarkiln.image.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** A part of a blob that is opened at the first read and digested as it is read. */
final class DigestingStream extends InputStream {
  private final BlobContent blob;
  private final DigestCheckpoints checkpoints;
  private final MessageDigest digest;
  private final LongConsumer sent;
  private volatile InputStream in = InputStream.nullInputStream();
  private volatile boolean closed;
  private boolean opened;
  private long position;
  private long left;
  private volatile String actual = "";

  /**
   * Opens nothing yet.
   *
   * @param checkpoints gets digests on the way
   * @param before has seen the bytes before {@code from}
   */
  DigestingStream(
      BlobContent blob,
      long from,
      long length,
      DigestCheckpoints checkpoints,
      MessageDigest before,
      LongConsumer sent) {
    this.blob = blob;
    this.position = from;
    this.left = length;
    this.checkpoints = checkpoints;
    this.digest = Digests.copy(before);
    this.sent = sent;
  }

  /** The digest of the whole blob; empty before its last byte was read. */
  String actual() {
    return actual;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0 || length == 0) {
      return left == 0 ? -1 : 0;
    }
    open();
    int count = in.read(bytes, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new IOException("the image tar broke off");
    }
    digest.update(bytes, offset, count);
    position += count;
    left -= count;
    if (position == blob.size()) {
      actual = Digests.text(Digests.copy(digest).digest());
      if (!actual.equals(blob.digest())) {
        throw new IOException("the bytes do not have the digest that names them");
      }
    } else {
      checkpoints.mark(position, digest, left == 0);
    }
    sent.accept(count);
    return count;
  }

  private void open() throws IOException {
    if (closed) {
      throw new IOException("given up");
    }
    if (opened) {
      return;
    }
    opened = true;
    in = blob.open(position, left);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }
}
