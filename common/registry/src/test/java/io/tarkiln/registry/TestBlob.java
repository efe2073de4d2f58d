package io.tarkiln.registry;

import io.tarkiln.image.Digests;
import io.tarkiln.registry.blob.BlobContent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Random;

/** A blob in memory. */
public record TestBlob(String digest, byte[] bytes) implements BlobContent {
  static TestBlob of(byte[] bytes) {
    return new TestBlob(Digests.of(bytes), bytes);
  }

  public static TestBlob random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return of(bytes);
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
