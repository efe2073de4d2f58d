package io.tarkiln.store;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads an object into memory, of which no more is taken than an object of ours needs. */
final class SmallObject {
  /** The largest of them names what the tags of a thousand services were before. */
  static final int MOST_BYTES = 32 << 20;

  private SmallObject() {}

  /**
   * The bytes of an object, or empty when there is none.
   *
   * @throws IllegalStateException when it has more than {@code mostBytes}
   */
  static Optional<byte[]> read(ObjectStore store, String key, int mostBytes)
      throws UnavailableException {
    Optional<InputStream> object = store.open(key);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes;
    try (InputStream in = object.get()) {
      bytes = in.readNBytes(mostBytes + 1);
    } catch (IOException failed) {
      throw ObjectStore.broken(key, failed);
    }
    if (bytes.length > mostBytes) {
      throw new IllegalStateException(
          "%s has more than %d bytes, and is not ours".formatted(key, mostBytes));
    }
    return Optional.of(bytes);
  }
}
