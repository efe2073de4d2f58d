package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.ImagePushed;
import io.tarkiln.event.json.Json;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.registry.Manifests;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ends a build once all its images are in the registry, in this order: decides that it succeeds,
 * sets all tags, announces the images and the end, and notes that this is done. Whatever decides
 * otherwise first (a failure, a cancellation) wins, and nothing is tagged. What dies on the way is
 * taken up again from the decision, so tags always follow it.
 */
public final class BuildRelease {
  /** For how long after a release was given up its tags are rolled back again. */
  private static final Duration ROLL_BACK_WITHIN = Duration.ofHours(1);

  private final ObjectStore store;
  private final ImagePusher pusher;
  private final ImageRepositories names;
  private final EventPublisher events;
  private final BuildOutcomes outcomes;

  private final InputsAttacher notes;
  private final InstantSource clock;

  /** Builds that a thread of this process is about to release. */
  private final KeyedLock underWay = new KeyedLock();

  public BuildRelease(
      ObjectStore store,
      ImagePusher pusher,
      ImageRepositories names,
      EventPublisher events,
      BuildOutcomes outcomes) {
    this(store, pusher, names, events, outcomes, InstantSource.system());
  }

  BuildRelease(
      ObjectStore store,
      ImagePusher pusher,
      ImageRepositories names,
      EventPublisher events,
      BuildOutcomes outcomes,
      InstantSource clock) {
    this.clock = clock;
    this.store = store;
    this.pusher = pusher;
    this.names = names;
    this.events = events;
    this.outcomes = outcomes;
    this.notes = new InputsAttacher(store, pusher);
  }

  /**
   * A build of which nothing is missing.
   *
   * @param images by service
   * @param keys of all that S3 has of the build
   */
  private record Whole(Map<String, PushResult> images, List<String> keys) {}

  private record Pushed(ImageReference image, PushResult pushed, Manifests.Stored manifest) {}

  /** Releases the build unless images are missing or it is done. */
  void releaseIfWhole(Event<ImageBuilt> event) throws RejectedException, UnavailableException {
    Optional<Whole> whole = whole(event);
    if (whole.isEmpty()) {
      return;
    }
    // Of two that find themselves last the other looks again: the first may fail, unheard.
    KeyedLock.Held held = underWay.take(event.build().toString(), "the build is being released");
    try {
      release(event, whole.get());
    } finally {
      held.close();
    }
  }

  /**
   * Makes true that nothing is tagged of a build that failed in here: another process may have set
   * a tag again, and died, while this one rolled the tags back. Its record comes again soon; when
   * one comes much later, a newer build may rightly have given the same image the same tag.
   */
  void rollBack(Event<ImageBuilt> event) throws UnavailableException {
    if (isLongReleased(event.build())) {
      return;
    }
    Optional<TagSnapshot> before = TagSnapshot.read(store, event.build());
    Optional<Whole> whole = before.isPresent() ? whole(event) : Optional.empty();
    if (whole.isPresent()) {
      rollBack(event, whole.get(), before.get());
      noteReleased(event);
    }
  }

  private void rollBack(Event<ImageBuilt> event, Whole whole, TagSnapshot before)
      throws UnavailableException {
    for (Map.Entry<String, PushResult> each : whole.images().entrySet()) {
      ImageReference image = names.of(event.data(), each.getKey());
      for (String tag : tags(event.data().plan())) {
        before.rollBack(pusher, image.withTag(tag), each.getValue().digest());
      }
    }
  }

  private boolean isLongReleased(BuildId build) throws UnavailableException {
    return store
        .written(ObjectKeys.released(build))
        .filter(released -> released.isBefore(clock.instant().minus(ROLL_BACK_WITHIN)))
        .isPresent();
  }

  private static List<String> tags(BuildPlan plan) {
    return Stream.concat(Stream.of(plan.tag()), plan.extraTags().stream()).distinct().toList();
  }

  private void release(Event<ImageBuilt> event, Whole whole)
      throws RejectedException, UnavailableException {
    if (store.exists(ObjectKeys.released(event.build()))) {
      return;
    }
    Map<String, Pushed> pushed;
    try {
      // Before anything is decided: they may have been deleted.
      pushed = pushed(event, whole.images());
    } catch (RejectedException refused) {
      boolean gone = refused.reason() == Reason.NO_SUCH_IMAGE;
      if (!gone || outcomes.of(event.build()).filter(BuildRelease::isSuccess).isEmpty()) {
        throw refused;
      }
      undo(event, whole, refused);
      return;
    }
    BuildFinished standing = outcomes.decide(event, succeeded(event.data(), pushed));
    if (isSuccess(standing)) {
      complete(event, standing, pushed, whole.keys());
    }
  }

  private static boolean isSuccess(BuildFinished outcome) {
    return outcome.outcome() == BuildFinished.Outcome.SUCCEEDED;
  }

  private Map<String, Pushed> pushed(Event<ImageBuilt> event, Map<String, PushResult> images)
      throws RejectedException, UnavailableException {
    BuildManifests manifests = new BuildManifests(store, pusher);
    Map<String, Pushed> pushed = new LinkedHashMap<>();
    for (Map.Entry<String, PushResult> each : images.entrySet()) {
      String service = each.getKey();
      ImageReference image = names.of(event.data(), service);
      Manifests.Stored manifest = manifests.of(event.build(), service, image, each.getValue());
      pushed.put(service, new Pushed(image, each.getValue(), manifest));
    }
    return pushed;
  }

  /** Fails a build that a crash stopped after the decision, and that cannot succeed any more. */
  private void undo(Event<ImageBuilt> event, Whole whole, RejectedException gone)
      throws UnavailableException {
    Optional<TagSnapshot> before = TagSnapshot.read(store, event.build());
    if (before.isPresent()) {
      rollBack(event, whole, before.get());
    }
    outcomes.revise(event, failed(event.data(), gone));
    settle(event);
  }

  private void complete(
      Event<ImageBuilt> event, BuildFinished outcome, Map<String, Pushed> images, List<String> keys)
      throws UnavailableException {
    List<String> tags = tags(event.data().plan());
    try {
      new TagSet(pusher, store, event.build())
          .set(
              images.values().stream()
                  .flatMap(
                      each ->
                          tags.stream()
                              .map(
                                  tag ->
                                      new TagSet.Tag(each.image().withTag(tag), each.manifest())))
                  .toList());
      images.forEach(
          (service, each) -> {
            if (keys.contains(ObjectKeys.inputs(event.build(), service))) {
              notes.note(event.build(), service, each.image(), each.manifest());
            }
          });
      List<Event<?>> announced = new ArrayList<>();
      images.forEach(
          (service, each) ->
              announced.add(
                  event.next(PushStep.STAGE, announced(event.data(), service, each, tags))));
      events.tellAll(announced);
      outcomes.announce(event, outcome);
    } catch (RejectedException refused) {
      outcomes.revise(event, failed(event.data(), refused));
    }
    settle(event);
  }

  private void settle(Event<ImageBuilt> event) throws UnavailableException {
    noteReleased(event);
    outcomes.settle(event.build());
  }

  private void noteReleased(Event<ImageBuilt> event) throws UnavailableException {
    byte[] note = Json.bytes(Map.of("tags", tags(event.data().plan())));
    store.writeOnce(ObjectKeys.released(event.build()), note);
  }

  private static BuildFinished succeeded(ImageBuilt built, Map<String, Pushed> images) {
    return BuildFinished.succeeded(
        built.workload(),
        built.plan().tag(),
        PushStep.STAGE,
        images.entrySet().stream()
            .map(
                each ->
                    new BuildFinished.FinishedImage(
                        each.getKey(),
                        each.getValue().image().toString(),
                        each.getValue().pushed().digest()))
            .toList());
  }

  private static BuildFinished failed(ImageBuilt built, RejectedException refused) {
    return BuildFinished.failed(
        built.workload(),
        built.plan().tag(),
        PushStep.STAGE,
        Optional.empty(),
        refused.reason(),
        refused.getMessage(),
        refused.lastLines());
  }

  private static ImagePushed announced(
      ImageBuilt built, String service, Pushed image, List<String> tags) {
    PushResult pushed = image.pushed();
    return new ImagePushed(
        built.workload(),
        service,
        image.image().toString(),
        tags,
        pushed.digest(),
        pushed.bytesSent(),
        pushed.blobsSent(),
        pushed.blobsMounted(),
        pushed.blobsSkipped());
  }

  /** What is in the registry of each service, if all are. */
  private Optional<Whole> whole(Event<ImageBuilt> event) throws UnavailableException {
    List<String> there = store.list(ObjectKeys.build(event.build()));
    Map<String, PushResult> images = new LinkedHashMap<>();
    for (String service : event.data().plan().services()) {
      Optional<PushResult> pushed =
          there.contains(ObjectKeys.image(event.build(), service))
              ? PushResult.read(store, event.build(), service)
              : Optional.empty();
      if (pushed.isEmpty()) {
        return Optional.empty();
      }
      images.put(service, pushed.get());
    }
    return Optional.of(new Whole(images, there));
  }
}
