package io.tarkiln.http;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that fails where it ends too early. Java's own HTTP connection, which the SDK of S3 reads
 * from too, takes a connection that is cut for the end of the body.
 */
public final class LengthCheckedStream extends FilterInputStream {
  private final long length;
  private long left;

  /** A body of {@code length} bytes. */
  public LengthCheckedStream(InputStream in, long length) {
    super(in);
    this.length = length;
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
      throw new EOFException("only %d of %d bytes came".formatted(length - left, length));
    }
    left -= Math.max(read, 0);
    return read;
  }
}
