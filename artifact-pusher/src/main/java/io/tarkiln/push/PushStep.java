package io.tarkiln.push;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.json.Json;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.imagetar.S3TarSource;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.pipeline.Step;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.registry.Manifests;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the image of a service into the registry by its digest; whoever brings the last one of the
 * build sets the tags of all.
 */
public record PushStep(
    ObjectStore store,
    ImagePusher pusher,
    ImageRepositories names,
    BuildRelease release,
    EventPublisher events)
    implements Step<ImageBuilt> {
  private static final Logger LOG = LoggerFactory.getLogger(PushStep.class);

  @Override
  public StepResult run(Event<ImageBuilt> event) throws RejectedException, UnavailableException {
    ImageBuilt built = event.data();
    String key = ObjectKeys.image(event.build(), built.service());
    if (!store.exists(key)) {
      PushResult pushed = pushed(event);
      // The first stands: a tag to be set again may have moved since another wrote it.
      store.writeOnce(key, Json.bytes(pushed));
      LOG.info(
          "pushed buildId={} service={} digest={} bytesSent={} sent={} mounted={} skipped={}",
          event.build(),
          built.service(),
          pushed.digest(),
          pushed.bytesSent(),
          pushed.blobsSent(),
          pushed.blobsMounted(),
          pushed.blobsSkipped());
    }
    return release.releaseIfComplete(event);
  }

  @Override
  public StepResult resume(Event<ImageBuilt> event, BuildFinished outcome, BuildOutcomes outcomes)
      throws RejectedException, UnavailableException {
    if (outcome.outcome() == BuildFinished.Outcome.SUCCEEDED) {
      return release.releaseIfComplete(event);
    }
    release.rollBack(event);
    outcomes.announceAndSettle(event, outcome);
    return StepResult.of();
  }

  private PushResult pushed(Event<ImageBuilt> event)
      throws RejectedException, UnavailableException {
    ImageBuilt built = event.data();
    ImageReference image = names.of(built, built.service());
    Optional<String> existing = built.retagFrom().or(built::unchanged);
    if (existing.isPresent()) {
      return existing(image, existing.get());
    }
    String tar = built.imageTarKey().orElseThrow();
    return pusher.push(
        new S3TarSource(store, tar),
        image,
        names.likelyHolders(built),
        new ProgressReporter(event, events, ProgressReporter.BETWEEN));
  }

  private PushResult existing(ImageReference image, String reference)
      throws RejectedException, UnavailableException {
    Manifests.Stored manifest =
        pusher
            .manifest(image, reference)
            .orElseThrow(
                () ->
                    new RejectedException(
                        Reason.NO_SUCH_IMAGE,
                        "no image %s%s%s to tag again: build the service instead"
                            .formatted(
                                image.name(), reference.contains(":") ? "@" : ":", reference)));
    return new PushResult(image.name(), manifest.digest(), manifest.mediaType(), 0, 0, 0, 0);
  }
}
