package io.tarkiln.push;

import java.util.Set;

/**
 * How far the release of a build has come. Each state is reached only after those before it, and
 * stays; who goes on after a crash repeats what is not yet known to be done.
 */
enum ReleaseState {
  /** {@code finished.json} says that the build succeeds: nothing else can become of it. */
  DECIDED,
  /** All tags name the build's images, but for those that somebody else has moved since. */
  TAGGED,
  /** {@code image-pushed} of all services and {@code build-finished} are in Kafka. */
  ANNOUNCED,
  /** {@code released.json} is there: nothing is left to be done. */
  RELEASED;

  /** Whether no state was reached before one that goes before it. */
  static boolean isInOrder(Set<ReleaseState> reached) {
    for (ReleaseState state : values()) {
      if (state.ordinal() >= reached.size() && reached.contains(state)) {
        return false;
      }
    }
    return true;
  }
}
