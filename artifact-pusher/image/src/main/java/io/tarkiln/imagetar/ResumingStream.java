package io.tarkiln.imagetar;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.retry.FailureStreak;
import io.tarkiln.retry.RetryPolicy;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A range of something far away; where the stream breaks off, it is opened again at the next byte,
 * so that whoever reads need not begin anew.
 */
final class ResumingStream extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ResumingStream.class);

  /** Openings without a byte in between. */
  private static final RetryPolicy RETRIES = RetryPolicy.atOnce(4);

  private final Range range;
  private InputStream in;
  private long at;
  private long left;

  /** What can be opened anywhere. */
  interface Range {
    InputStream open(long offset, long length) throws UnavailableException;
  }

  ResumingStream(Range range, long offset, long length) throws UnavailableException {
    this.range = range;
    this.at = offset;
    this.left = length;
    this.in = range.open(offset, length);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0 || length == 0) {
      return left == 0 ? -1 : 0;
    }
    IOException broken = new IOException("it ended early");
    FailureStreak failures = RETRIES.begin();
    do {
      try {
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count > 0) {
          at += count;
          left -= count;
          return count;
        }
      } catch (IOException cut) {
        broken = cut;
      }
      reopen(broken);
    } while (failures.failed().isPresent());
    throw broken;
  }

  private void reopen(IOException broken) throws IOException {
    LOG.debug("an image tar broke off at={} message={}", at, broken.getMessage());
    in.close();
    try {
      in = range.open(at, left);
    } catch (UnavailableException gone) {
      throw new IOException(gone.getMessage(), gone);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
