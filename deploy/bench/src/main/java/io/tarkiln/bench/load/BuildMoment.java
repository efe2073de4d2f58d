package io.tarkiln.bench.load;

import io.tarkiln.event.EventType;
import java.util.Optional;

/** Something that happens once in a build of one service, in the order of the build. */
enum BuildMoment {
  REQUESTED(EventType.BUILD_REQUESTED),
  CHECKED_OUT(EventType.SOURCE_CHECKED_OUT),
  REWRITTEN(EventType.DOCKERFILE_REWRITTEN),
  /** The executor says so itself. */
  ENGINE_BEGAN,
  ENGINE_ENDED,
  BUILT(EventType.IMAGE_BUILT),
  /** Announced as soon as the tags are set. */
  TAGGED(EventType.IMAGE_PUSHED),
  FINISHED(EventType.BUILD_FINISHED);

  private final Optional<EventType> event;

  BuildMoment() {
    event = Optional.empty();
  }

  BuildMoment(EventType event) {
    this.event = Optional.of(event);
  }

  /** The event that announces it, if one does. */
  Optional<EventType> event() {
    return event;
  }
}
