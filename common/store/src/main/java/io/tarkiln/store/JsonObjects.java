package io.tarkiln.store;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.json.Json;
import io.tarkiln.event.json.UnreadableException;
import java.util.Optional;

/** Small records of ours in S3, as JSON. */
public final class JsonObjects {
  private JsonObjects() {}

  /**
   * The record of this key, or empty when there is none.
   *
   * @throws IllegalStateException when what is there was not written by us
   */
  public static <T> Optional<T> read(ObjectStore store, String key, Class<T> type)
      throws UnavailableException {
    Optional<byte[]> json = store.read(key);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(json.get(), type));
    } catch (UnreadableException broken) {
      throw new IllegalStateException(key + " is not ours", broken);
    }
  }

  /**
   * Writes a record unless another was faster.
   *
   * @param type of the value
   * @return what stands
   */
  public static <T> T putIfAbsent(ObjectStore store, String key, T value, Class<T> type)
      throws UnavailableException {
    if (store.writeOnce(key, Json.bytes(value))) {
      return value;
    }
    return read(store, key, type)
        .orElseThrow(() -> new UnavailableException(key + " is not readable yet"));
  }
}
