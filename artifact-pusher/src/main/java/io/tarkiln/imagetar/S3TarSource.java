package io.tarkiln.imagetar;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.ObjectStore;
import java.io.InputStream;

/** A tar in S3, read by ranges. */
public record S3TarSource(ObjectStore store, String key) implements TarSource {
  @Override
  public long size() throws RejectedException, UnavailableException {
    return store
        .size(key)
        .orElseThrow(
            () ->
                new RejectedException(
                    Reason.BAD_IMAGE_TAR,
                    "no image tar at %s: it has expired or was never there, build again"
                        .formatted(key)));
  }

  @Override
  public InputStream open(long offset, long length) throws UnavailableException {
    if (length == 0) {
      return InputStream.nullInputStream(); // HTTP has no way to write an empty range
    }
    return store
        .open(key, offset, length)
        .orElseThrow(() -> new UnavailableException("the image tar %s went away".formatted(key)));
  }
}
