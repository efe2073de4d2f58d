package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Grammar;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.StoredJson;
import java.util.Optional;

/**
 * An image that is in the registry by its digest; also the content of {@code image.json}.
 *
 * @param image registry and repository
 * @param bytesSent of blobs
 */
public record PushedImage(
    String image,
    String digest,
    String mediaType,
    long bytesSent,
    int blobsSent,
    int blobsMounted,
    int blobsSkipped) {
  public PushedImage {
    Grammar.text("image", image);
    Grammar.text("digest", digest);
    Grammar.text("mediaType", mediaType);
  }

  /** What an earlier push of the service left, if anything. */
  static Optional<PushedImage> read(ObjectStore store, BuildId build, String service)
      throws UnavailableException {
    return StoredJson.read(store, Keys.image(build, service), PushedImage.class);
  }
}
