package io.tarkiln.imagetar;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.InputStream;

/** The bytes of a tar, readable from any place. */
public interface TarSource {
  /**
   * Its first bytes, in one round trip.
   *
   * @param length how many, at most
   * @throws RejectedException when there is no such tar
   */
  End head(int length) throws RejectedException, UnavailableException;

  /** Its last bytes, likewise. */
  End tail(int length) throws RejectedException, UnavailableException;

  /** {@code length} bytes from {@code offset} on. Close the stream. */
  InputStream open(long offset, long length) throws UnavailableException;

  /**
   * How a tar begins or ends.
   *
   * @param size of the whole tar in bytes
   */
  record End(byte[] bytes, long size) {}
}
