package io.tarkiln.imagepush;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.JsonObjects;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;

/**
 * An image that is in the registry by its digest; also the content of {@code image.json}.
 *
 * @param image registry and repository
 * @param bytesSent of blobs
 */
public record PushResult(
    String image,
    String digest,
    String mediaType,
    long bytesSent,
    int blobsSent,
    int blobsMounted,
    int blobsSkipped) {
  public PushResult {
    NameSyntax.text("image", image);
    NameSyntax.text("digest", digest);
    NameSyntax.text("mediaType", mediaType);
  }

  /** What an earlier push of the service left, if anything. */
  public static Optional<PushResult> read(ObjectStore store, BuildId build, String service)
      throws UnavailableException {
    return JsonObjects.read(store, ObjectKeys.image(build, service), PushResult.class);
  }
}
