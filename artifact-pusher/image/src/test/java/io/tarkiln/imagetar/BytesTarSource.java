package io.tarkiln.imagetar;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A tar in memory that counts what is read of it. */
public record BytesTarSource(byte[] bytes, AtomicInteger reads, AtomicLong bytesRead)
    implements TarSource {
  public BytesTarSource(byte[] bytes) {
    this(bytes, new AtomicInteger(), new AtomicLong());
  }

  @Override
  public End head(int length) {
    return end(0, Math.min(length, bytes.length));
  }

  @Override
  public End tail(int length) {
    int there = Math.min(length, bytes.length);
    return end(bytes.length - there, there);
  }

  private End end(int offset, int length) {
    reads.incrementAndGet();
    bytesRead.addAndGet(length);
    return new End(Arrays.copyOfRange(bytes, offset, offset + length), bytes.length);
  }

  @Override
  public InputStream open(long offset, long length) {
    reads.incrementAndGet();
    bytesRead.addAndGet(length);
    return new ByteArrayInputStream(bytes, (int) offset, (int) length);
  }
}
