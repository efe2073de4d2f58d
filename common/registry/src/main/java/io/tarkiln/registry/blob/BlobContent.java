package io.tarkiln.registry.blob;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a blob, as often as they are needed. */
public interface BlobContent {
  String digest();

  /** In bytes. */
  long size();

  /** {@code length} bytes from {@code offset} on. */
  InputStream open(long offset, long length) throws IOException;
}
