package io.tarkiln.registry;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.imagetar.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** Bytes that are opened at the first read and digested as they are read. */
final class DigestedStream extends InputStream {
  private final Source source;
  private final MessageDigest digest;
  private final String expected;
  private final LongConsumer sent;
  private volatile InputStream in = InputStream.nullInputStream();
  private volatile boolean closed;
  private boolean opened;
  private long left;
  private volatile String actual = "";

  /** Where the bytes come from. */
  interface Source {
    InputStream open() throws UnavailableException;
  }

  /**
   * Opens nothing yet.
   *
   * @param length of what the source has, in bytes
   * @param expected digest at the end of it, or empty where that is not known
   */
  DigestedStream(
      Source source, long length, MessageDigest digest, String expected, LongConsumer sent) {
    this.source = source;
    this.left = length;
    this.digest = digest;
    this.expected = expected;
    this.sent = sent;
  }

  /** The digest of all bytes; empty before they were read or where none is expected. */
  String actual() {
    return actual;
  }

  MessageDigest digest() {
    return digest;
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
    left -= count;
    if (left == 0 && !expected.isEmpty()) {
      actual = Digests.text(Digests.copy(digest).digest());
      if (!actual.equals(expected)) {
        throw new IOException("the bytes do not have the digest that names them");
      }
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
    try {
      in = source.open();
    } catch (UnavailableException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }
}
