package io.tarkiln.claim;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import java.util.Optional;

/** Says whether an event is what it claims to be, before anything is done for it. */
@FunctionalInterface
public interface Claim<T extends EventData> {
  /**
   * Why the event is not to be believed, if it is not. It may be asked any number of times.
   *
   * @throws UnavailableException when that cannot be found out now
   */
  Optional<Objection> objection(Event<T> event) throws UnavailableException;

  /** Whatever is told is believed: for a stage that only listens, and tests of one. */
  static <T extends EventData> Claim<T> believed() {
    return event -> Optional.empty();
  }
}
