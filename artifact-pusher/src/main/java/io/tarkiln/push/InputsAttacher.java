package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.inputs.BuildInputsArtifact;
import io.tarkiln.inputs.ReuseRecord;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches to images in the registry what they were built from, so that the next build finds those
 * that have not changed. A registry that does not take the note has them built again, which is no
 * fault.
 */
record InputsAttacher(ObjectStore store, ImagePusher pusher) {
  private static final Logger LOG = LoggerFactory.getLogger(InputsAttacher.class);

  /** Attaches them to one image, whose tags stand. */
  void attach(BuildId build, String service, ImageReference image, Manifests.Stored manifest) {
    try {
      Optional<ReuseRecord> from = ReuseRecord.read(store, build, service);
      if (from.filter(known -> known.unchanged().isEmpty()).isPresent()
          && from.get().inputs().isPresent()) {
        new BuildInputsArtifact(pusher.connect(image)).write(from.get().inputs().get(), manifest);
      }
    } catch (UnavailableException | RegistryException unnoted) {
      LOG.warn(
          "inputs not noted, so the next build will build it again buildId={} service={}"
              + " message={}",
          build,
          service,
          unnoted.getMessage());
    }
  }
}
