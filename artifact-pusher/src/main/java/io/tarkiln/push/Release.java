package io.tarkiln.push;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.ImagePushed;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.event.json.Json;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.registry.Manifests;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The release of one completed build. Its states follow one another, and stay: decided ({@code
 * finished.json} says that the build succeeds), tagged, announced (its events are in Kafka), and
 * released ({@code released.json} is there). Whatever decides otherwise first (a failure, a
 * cancellation) wins, and nothing is tagged.
 */
record Release(
    ObjectStore store,
    ImagePusher pusher,
    ImageRepositories repositories,
    EventPublisher events,
    BuildOutcomes outcomes,
    CompletedBuild completed) {

  private record Image(ImageReference image, PushResult pushed, Manifests.Stored manifest) {}

  /** Goes on from whatever state the release is in, to its end. */
  void run() throws RejectedException, UnavailableException {
    if (store.exists(ObjectKeys.released(completed.build()))) {
      return;
    }
    Map<String, Image> images;
    try {
      // Before anything is decided: they may have been deleted.
      images = images();
    } catch (RejectedException refused) {
      boolean gone = refused.reason() == Reason.NO_SUCH_IMAGE;
      if (!gone || outcomes.of(completed.build()).filter(Release::isSuccess).isEmpty()) {
        throw refused;
      }
      Optional<TagSnapshot> before = TagSnapshot.read(store, completed.build());
      if (before.isPresent()) {
        transaction().rollBack(tags(), before.get());
      }
      fail(refused);
      return;
    }
    BuildFinished standing = outcomes.decide(completed.cause(), succeeded(images));
    if (!isSuccess(standing)) {
      return;
    }
    try {
      tag(images);
    } catch (RejectedException refused) {
      fail(refused);
      return;
    }
    announce(images, standing);
    release();
  }

  /** Rolls back the tags of a build that failed, and notes that nothing is left to be done. */
  void rollBack(TagSnapshot before) throws UnavailableException {
    transaction().rollBack(tags(), before);
    noteReleased();
  }

  private TagTransaction transaction() {
    return new TagTransaction(pusher, store, completed.build());
  }

  private List<TagTransaction.Tag> tags() {
    return completed.allTags(repositories);
  }

  private Map<String, Image> images() throws RejectedException, UnavailableException {
    BuildManifests manifests = new BuildManifests(store, pusher);
    Map<String, Image> images = new LinkedHashMap<>();
    for (Map.Entry<String, PushResult> each : completed.images().entrySet()) {
      String service = each.getKey();
      ImageReference image = repositories.of(completed.cause().data(), service);
      images.put(
          service,
          new Image(
              image,
              each.getValue(),
              manifests.of(completed.build(), service, image, each.getValue())));
    }
    return images;
  }

  private void tag(Map<String, Image> images) throws RejectedException, UnavailableException {
    transaction()
        .commit(
            tags(),
            images.values().stream()
                .map(Image::manifest)
                .collect(
                    Collectors.toMap(
                        Manifests.Stored::digest, manifest -> manifest, (one, same) -> one)));
    InputsAttacher inputs = new InputsAttacher(store, pusher);
    images.forEach(
        (service, each) -> {
          if (completed.hasInputs(service)) {
            inputs.attach(completed.build(), service, each.image(), each.manifest());
          }
        });
  }

  private void announce(Map<String, Image> images, BuildFinished outcome)
      throws UnavailableException {
    Event<ImageBuilt> cause = completed.cause();
    List<Event<?>> pushed = new ArrayList<>();
    images.forEach(
        (service, each) ->
            pushed.add(
                cause.next(PipelineStage.ARTIFACT_PUSHER.wire(), imagePushed(service, each))));
    events.publishAll(pushed);
    outcomes.announce(cause, outcome);
  }

  private void release() throws UnavailableException {
    noteReleased();
    outcomes.settle(completed.build());
  }

  private void fail(RejectedException refused) throws UnavailableException {
    outcomes.overrule(completed.cause(), failed(refused));
    release();
  }

  private void noteReleased() throws UnavailableException {
    store.writeOnce(
        ObjectKeys.released(completed.build()), Json.bytes(Map.of("tags", completed.tags())));
  }

  private static boolean isSuccess(BuildFinished outcome) {
    return outcome.outcome() == BuildFinished.Outcome.SUCCEEDED;
  }

  private BuildFinished succeeded(Map<String, Image> images) {
    ImageBuilt built = completed.cause().data();
    return BuildFinished.succeeded(
        built.workload(),
        built.plan().tag(),
        PipelineStage.ARTIFACT_PUSHER.wire(),
        images.entrySet().stream()
            .map(
                each ->
                    new BuildFinished.FinishedImage(
                        each.getKey(),
                        each.getValue().image().toString(),
                        each.getValue().pushed().digest()))
            .toList());
  }

  private BuildFinished failed(RejectedException refused) {
    ImageBuilt built = completed.cause().data();
    return BuildFinished.failed(
        built.workload(),
        built.plan().tag(),
        PipelineStage.ARTIFACT_PUSHER.wire(),
        Optional.empty(),
        refused.reason(),
        refused.getMessage(),
        refused.lastLines());
  }

  private ImagePushed imagePushed(String service, Image image) {
    PushResult pushed = image.pushed();
    return new ImagePushed(
        completed.cause().data().workload(),
        service,
        image.image().toString(),
        completed.tags(),
        pushed.digest(),
        pushed.bytesSent(),
        pushed.blobsSent(),
        pushed.blobsMounted(),
        pushed.blobsSkipped());
  }
}
