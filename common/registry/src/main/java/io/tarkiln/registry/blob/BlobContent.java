package io.tarkiln.registry.blob;

import io.tarkiln.build.UnavailableException;
import java.io.InputStream;

/** The bytes of a blob, as often as they are needed. */
public interface BlobContent {
  String digest();

  /** In bytes. */
  long size();

  /** {@code length} bytes from {@code offset} on. */
  InputStream open(long offset, long length) throws UnavailableException;
}
