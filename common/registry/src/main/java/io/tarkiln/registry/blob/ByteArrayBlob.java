package io.tarkiln.registry.blob;

import io.tarkiln.image.Digests;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A blob that fits into memory. */
public record ByteArrayBlob(String digest, byte[] bytes) implements BlobContent {
  public static ByteArrayBlob of(byte[] bytes) {
    return new ByteArrayBlob(Digests.of(bytes), bytes);
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
