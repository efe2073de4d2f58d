package io.tarkiln.checkout;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.Claim;
import io.tarkiln.claim.Objection;
import io.tarkiln.claim.RequestPin;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Lets a build id stand for one request: the first one that is read. Another with the same id is
 * refused and changes nothing, whether that build is under way or has ended.
 */
record RequestClaim(ObjectStore store, InstantSource clock) implements Claim<BuildRequested> {
  /** For so long at least S3 is told to keep what is known of a build. */
  private static final Duration MEMORY = Duration.ofDays(30);

  @Override
  public Optional<Objection> objection(Event<BuildRequested> event) throws UnavailableException {
    BuildId build = event.build();
    Instant now = clock.instant();
    if (build.isAhead(now)) {
      return Optional.of(
          new Objection(
              Objection.Code.BUILD_ID_AHEAD,
              "build id %s tells of %s, and it is %s: make ids by a clock that is right"
                  .formatted(build, build.start(), now)));
    }
    if (isBegunOfAnother(event)) {
      return Optional.of(duplicate(build));
    }
    RequestPin pin = RequestPin.of(event.data());
    Optional<RequestPin> standing =
        build.start().isBefore(now.minus(MEMORY))
            ? RequestPin.read(store, build)
            : Optional.of(pin.putIfAbsent(store, build));
    if (standing.isEmpty()) {
      return Optional.of(
          new Objection(
              Objection.Code.BUILD_ID_TOO_OLD,
              "build id %s tells of %s, more than %d days ago, and no such request is known: make a new id"
                  .formatted(build, build.start(), MEMORY.toDays())));
    }
    return standing.get().isOfSame(pin) ? Optional.empty() : Optional.of(duplicate(build));
  }

  /**
   * Builds that were begun before there was request.json are known by the source that was pinned.
   */
  private boolean isBegunOfAnother(Event<BuildRequested> event) throws UnavailableException {
    return CommitPin.read(store, event.build())
        .filter(begun -> !begun.isOf(event.data().source()))
        .isPresent();
  }

  private static Objection duplicate(BuildId build) {
    return new Objection(
        Objection.Code.DUPLICATE_BUILD_ID,
        "another request with build id %s came first, and goes on: each build needs an id of its own"
            .formatted(build));
  }
}
