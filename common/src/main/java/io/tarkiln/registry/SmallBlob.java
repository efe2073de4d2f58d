package io.tarkiln.registry;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A blob that fits into memory. */
public record SmallBlob(String digest, byte[] bytes) implements BlobContent {
  public static SmallBlob of(byte[] bytes) {
    return new SmallBlob(Digests.of(bytes), bytes);
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public InputStream open(long offset, long length) {
    return new ByteArrayInputStream(bytes, (int) offset, (int) length);
  }
}
