package io.tarkiln.imagetar;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.InputStream;

/** The bytes of a tar, readable from any place. */
public interface TarSource {
  /**
   * Its size in bytes.
   *
   * @throws RejectedException when there is no such tar
   */
  long size() throws RejectedException, UnavailableException;

  /** {@code length} bytes from {@code offset} on. Close the stream. */
  InputStream open(long offset, long length) throws UnavailableException;
}
