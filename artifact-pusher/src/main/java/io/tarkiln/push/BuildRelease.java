package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.BusyException;
import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Releases builds once all their images are in the registry: {@link CompletedBuild} joins the
 * services, {@link Release} decides, tags, announces and releases, and {@link TagTransaction} sets
 * the tags. What dies on the way is taken up again from the decision, so tags always follow it.
 */
public final class BuildRelease {
  /** How long after a release was given up its tags are looked at again. */
  private static final Duration ROLL_BACK = Duration.ofHours(1);

  private final ObjectStore store;
  private final ImagePusher pusher;
  private final ImageRepositories repositories;
  private final EventPublisher events;
  private final BuildOutcomes outcomes;
  private final InstantSource clock;

  /** Builds that a thread of this process is about to release. */
  private final KeyedLock underWay = new KeyedLock();

  public BuildRelease(
      ObjectStore store,
      ImagePusher pusher,
      ImageRepositories repositories,
      EventPublisher events,
      BuildOutcomes outcomes) {
    this(store, pusher, repositories, events, outcomes, InstantSource.system());
  }

  BuildRelease(
      ObjectStore store,
      ImagePusher pusher,
      ImageRepositories repositories,
      EventPublisher events,
      BuildOutcomes outcomes,
      InstantSource clock) {
    this.store = store;
    this.pusher = pusher;
    this.repositories = repositories;
    this.events = events;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  /** Releases the build unless images are missing, it is done, or another thread is at it. */
  StepResult releaseIfComplete(Event<ImageBuilt> event)
      throws RejectedException, UnavailableException {
    Optional<CompletedBuild> completed = CompletedBuild.of(store, event);
    if (completed.isEmpty()) {
      return StepResult.of();
    }
    KeyedLock.Held held;
    try {
      held = underWay.take(event.build().toString());
    } catch (BusyException other) {
      // Of two that find themselves last the other looks again: the first may fail, unheard.
      return StepResult.busy(other.free());
    }
    try {
      release(completed.get()).run();
      return StepResult.of();
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
    Optional<CompletedBuild> completed =
        before.isPresent() ? CompletedBuild.of(store, event) : Optional.empty();
    if (completed.isPresent()) {
      release(completed.get()).rollBack(before.get());
    }
  }

  private Release release(CompletedBuild completed) {
    return new Release(store, pusher, repositories, events, outcomes, completed);
  }

  private boolean isLongReleased(BuildId build) throws UnavailableException {
    return store
        .written(ObjectKeys.released(build))
        .filter(released -> released.isBefore(clock.instant().minus(ROLL_BACK)))
        .isPresent();
  }
}
