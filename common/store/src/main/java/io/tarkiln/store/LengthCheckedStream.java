package io.tarkiln.store;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The content of an object that fails where it ends too early. Java's own HTTP connection, which
 * the SDK reads from, takes a connection that is cut for the end of the body.
 */
final class LengthCheckedStream extends FilterInputStream {
  private long left;

  /** Content of {@code length} bytes. */
  LengthCheckedStream(InputStream in, long length) {
    super(in);
    left = length;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    counted(next < 0 ? -1 : 1);
    return next;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return (int) counted(super.read(bytes, offset, length));
  }

  @Override
  public long skip(long count) throws IOException {
    return counted(super.skip(count));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private long counted(long read) throws EOFException {
    if (read < 0 && left > 0) {
      throw new EOFException("%d bytes are missing".formatted(left));
    }
    left -= Math.max(read, 0);
    return read;
  }
}
