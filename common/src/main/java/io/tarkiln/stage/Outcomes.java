package io.tarkiln.stage;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.Json;
import io.tarkiln.event.UnreadableException;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends builds, each exactly once: whoever writes {@code finished.json} first decides the outcome
 * and tells {@code build-finished}.
 */
public final class Outcomes {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

  private static final int REMEMBERED = 10_000;

  private final ObjectStore store;
  private final Events events;

  /** Builds whose outcome this process has told, the latest ones. */
  private final Set<BuildId> told =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<BuildId, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  public Outcomes(ObjectStore store, Events events) {
    this.store = store;
    this.events = events;
  }

  /** The outcome of a build that has one. */
  public Optional<BuildFinished> of(BuildId build) throws UnavailableException {
    Optional<byte[]> json = store.read(Keys.finished(build));
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(json.get(), BuildFinished.class));
    } catch (UnreadableException broken) {
      throw new IllegalStateException(Keys.finished(build) + " is not ours", broken);
    }
  }

  /**
   * Ends the build of {@code cause} with this outcome, unless it has one already.
   *
   * @return the outcome that stands
   */
  public BuildFinished end(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    if (store.writeOnce(Keys.finished(cause.build()), Json.bytes(outcome))) {
      LOG.info(
          "build finished buildId={} outcome={} stage={} service={} reason={} message={}",
          cause.build(),
          outcome.outcome().wire(),
          outcome.stage(),
          outcome.service().orElse("-"),
          outcome.reason().map(reason -> reason.wire()).orElse("-"),
          outcome.message().orElse("-"));
      tell(cause, outcome);
      return outcome;
    }
    BuildFinished standing =
        of(cause.build())
            .orElseThrow(() -> new UnavailableException("finished.json is not readable yet"));
    retell(cause, standing, outcome.stage());
    return standing;
  }

  /**
   * Tells an outcome again if this stage decided it at this event and this process has not told it:
   * an earlier one may have died between writing and telling. The event's id is the same, so nobody
   * counts it twice.
   */
  public void retell(Event<?> cause, BuildFinished standing, String stage)
      throws UnavailableException {
    boolean ours = standing.stage().equals(stage);
    boolean sameService =
        standing.service().isEmpty() || standing.service().equals(cause.service());
    if (ours && sameService && !isTold(cause.build())) {
      tell(cause, standing);
    }
  }

  private void tell(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    events.tellAll(List.of(cause.next(outcome.stage(), outcome)));
    synchronized (told) {
      told.add(cause.build());
    }
  }

  private boolean isTold(BuildId build) {
    synchronized (told) {
      return told.contains(build);
    }
  }
}
