package io.tarkiln.imagetar;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A tar in S3, read by ranges; a stream that breaks off goes on in another request. All is read of
 * the tar that was there first: when another is written in its place, reading ends as unavailable.
 */
public final class S3TarSource implements TarSource {
  private final ObjectStore store;
  private final String key;
  private String version = "";

  public S3TarSource(ObjectStore store, String key) {
    this.store = store;
    this.key = key;
  }

  @Override
  public End head(int length) throws RejectedException, UnavailableException {
    return end(store.beginning(key, length), length);
  }

  @Override
  public End tail(int length) throws RejectedException, UnavailableException {
    return end(store.ending(key, length), length);
  }

  private End end(Optional<ObjectStore.End> there, int length)
      throws RejectedException, UnavailableException {
    try (ObjectStore.End end =
        there.orElseThrow(
            () ->
                new RejectedException(
                    Reason.BAD_IMAGE_TAR,
                    "no image tar at %s: it has expired or was never there, build again"
                        .formatted(key)))) {
      if (!version(end.version()).equals(end.version())) {
        throw new UnavailableException(
            "the image tar %s was written anew while it was read".formatted(key));
      }
      return new End(end.content().readNBytes(length), end.size());
    } catch (IOException broken) {
      throw ObjectStore.broken(key, broken);
    }
  }

  @Override
  public InputStream open(long offset, long length) throws UnavailableException {
    if (length == 0) {
      return InputStream.nullInputStream(); // HTTP has no way to write an empty range
    }
    return new ResumingStream(this::openOnce, offset, length);
  }

  private InputStream openOnce(long offset, long length) throws UnavailableException {
    return store
        .open(key, version(""), offset, length)
        .orElseThrow(() -> new UnavailableException("the image tar %s went away".formatted(key)));
  }

  /** The version that was there first, which is this one where there was none. */
  private synchronized String version(String there) {
    version = version.isEmpty() ? there : version;
    return version;
  }
}
