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
  public Head head(int length) {
    reads.incrementAndGet();
    byte[] head = Arrays.copyOf(bytes, Math.min(length, bytes.length));
    bytesRead.addAndGet(head.length);
    return new Head(head, bytes.length);
  }

  @Override
  public InputStream open(long offset, long length) {
    reads.incrementAndGet();
    bytesRead.addAndGet(length);
    return new ByteArrayInputStream(bytes, (int) offset, (int) length);
  }
}
