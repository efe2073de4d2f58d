package io.tarkiln.pipeline;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.Claim;
import io.tarkiln.claim.Objection;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import java.util.Optional;

/** The claim of one record's event; once it is believed, it is not asked again. */
final class CheckedClaim<T extends EventData> {
  private final Claim<T> claim;
  private final Event<T> event;
  private volatile boolean believed;

  CheckedClaim(Claim<T> claim, Event<T> event) {
    this.claim = claim;
    this.event = event;
  }

  Event<T> event() {
    return event;
  }

  /** Why the event is not to be believed, if it is not. */
  Optional<Objection> objection() throws UnavailableException {
    if (believed) {
      return Optional.empty();
    }
    Optional<Objection> objection = claim.objection(event);
    believed = objection.isEmpty();
    return objection;
  }
}
