package io.tarkiln.registry.blob;

import io.tarkiln.image.Digests;
import io.tarkiln.registry.error.RegistryUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Digests of a blob's first bytes, of some here and there, so that sending may go on in the middle
 * and little has to be read again for the digest of all.
 */
public final class DigestCheckpoints {
  private static final long STEP = 8L << 20;
  private static final int BUFFER = 64 << 10;

  private final BlobContent blob;
  private final NavigableMap<Long, MessageDigest> marks = new TreeMap<>();

  public DigestCheckpoints(BlobContent blob) {
    this.blob = blob;
    marks.put(0L, Digests.sha256());
  }

  /**
   * Remembers a digest, unless it is close to another.
   *
   * @param isEnd whether this is where a request ends, so that the next may well begin here
   */
  synchronized void mark(long position, MessageDigest digest, boolean isEnd) {
    if (isEnd || position - marks.floorKey(position) >= STEP) {
      marks.put(position, Digests.copy(digest));
    }
  }

  /** A digest that has seen the bytes before this position. */
  synchronized MessageDigest at(long position) throws RegistryUnavailableException {
    Map.Entry<Long, MessageDigest> before = marks.floorEntry(position);
    MessageDigest digest = Digests.copy(before.getValue());
    long left = position - before.getKey();
    if (left == 0) {
      return digest;
    }
    try (InputStream in = open(before.getKey(), left)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        left -= n;
      }
    } catch (IOException broken) {
      throw new RegistryUnavailableException("the image tar broke off", broken);
    }
    if (left != 0) {
      throw new RegistryUnavailableException("the image tar broke off");
    }
    return digest;
  }

  private InputStream open(long from, long length) throws RegistryUnavailableException {
    try {
      return blob.open(from, length);
    } catch (IOException failed) {
      throw new RegistryUnavailableException(String.valueOf(failed.getMessage()), failed);
    }
  }
}
