package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.imagetar.S3TarSource;
import io.tarkiln.registry.Manifests;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.List;
import java.util.Optional;

/**
 * The manifests of a build's images. Until a build is released they have no tags, and registries
 * may delete what has none: such an image is pushed again.
 */
record BuildManifests(ObjectStore store, ImagePusher pusher) {
  /**
   * The manifest of an image that was pushed for a service of the build.
   *
   * @throws RejectedException {@code no-such-image} when it is gone and there is no tar of it
   */
  Manifests.Stored of(BuildId build, String service, ImageReference image, PushResult pushed)
      throws RejectedException, UnavailableException {
    Optional<Manifests.Stored> standing = pusher.manifest(image, pushed.digest());
    String tar = ObjectKeys.imageTar(build, service);
    if (standing.isEmpty() && store.exists(tar)) {
      pusher.push(new S3TarSource(store, tar), image, List.of(), PushProgress.NONE);
      standing = pusher.manifest(image, pushed.digest());
    }
    return standing.orElseThrow(
        () ->
            new RejectedException(
                Reason.NO_SUCH_IMAGE,
                "the registry has %s@%s no more, and there is no tar to push again: replay the build"
                    .formatted(image.name(), pushed.digest())));
  }
}
