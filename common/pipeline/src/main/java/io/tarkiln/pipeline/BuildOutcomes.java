package io.tarkiln.pipeline;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.json.Json;
import io.tarkiln.store.JsonObjects;
import io.tarkiln.store.ObjectKeys;
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
 * Ends builds, each exactly once: whoever writes {@code finished.json} first decides the outcome,
 * makes true what it promises, and announces {@code build-finished}.
 */
public final class BuildOutcomes {
  private static final Logger LOG = LoggerFactory.getLogger(BuildOutcomes.class);

  private static final int REMEMBERED = 10_000;

  private final ObjectStore store;
  private final EventPublisher events;

  /** Builds whose outcome this process has settled, the latest ones. */
  private final Set<BuildId> settled =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<BuildId, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  public BuildOutcomes(ObjectStore store, EventPublisher events) {
    this.store = store;
    this.events = events;
  }

  /**
   * The outcome of a build that has one.
   *
   * @throws UnavailableException also where S3 cannot keep a build from having two
   */
  public Optional<BuildFinished> of(BuildId build) throws UnavailableException {
    store.writeOnceCheck().require();
    String key = ObjectKeys.finished(build);
    // Nearly always there is none, which a HEAD tells for two thirds of a GET's processor time.
    return store.exists(key) ? JsonObjects.read(store, key, BuildFinished.class) : Optional.empty();
  }

  /**
   * Ends the build of {@code cause} with this outcome, unless it has one already, and announces it.
   *
   * @return the outcome that stands
   */
  public BuildFinished end(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    boolean isOurs = isFirst(cause, outcome);
    BuildFinished standing = isOurs ? outcome : standing(cause);
    if (isOurs || isOpen(cause, standing, outcome.stage())) {
      announceAndSettle(cause, standing);
    }
    return standing;
  }

  /**
   * Decides how the build of {@code cause} ends, unless that is decided. It is announced later,
   * once what the outcome promises is true.
   *
   * @return the outcome that stands
   */
  public BuildFinished decide(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    return isFirst(cause, outcome) ? outcome : standing(cause);
  }

  private boolean isFirst(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    store.writeOnceCheck().require();
    boolean first = store.writeOnce(ObjectKeys.finished(cause.build()), Json.bytes(outcome));
    if (first) {
      log("decided", cause, outcome);
    }
    return first;
  }

  private BuildFinished standing(Event<?> cause) throws UnavailableException {
    return of(cause.build())
        .orElseThrow(() -> new UnavailableException("finished.json is not readable yet"));
  }

  /**
   * Puts another outcome in the place of one that was decided and cannot be made true, and
   * announces it. Only for who decided it and has not announced it.
   */
  public void overrule(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    store.write(ObjectKeys.finished(cause.build()), Json.bytes(outcome));
    log("overruled", cause, outcome);
    announce(cause, outcome);
  }

  /**
   * Whether it is on this stage to announce an outcome at this event: it decided it here, and this
   * process has not settled it. An earlier one may have died between deciding and announcing. The
   * event's id is the same, so nobody counts it twice.
   */
  boolean isOpen(Event<?> cause, BuildFinished standing, String stage) {
    boolean sameService =
        standing.service().isEmpty() || standing.service().equals(cause.service());
    return standing.stage().equals(stage) && sameService && !isSettled(cause.build());
  }

  /** Announces an outcome that stands, and of which nothing is left to be done. */
  public void announceAndSettle(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    announce(cause, outcome);
    settle(cause.build());
  }

  /**
   * Announces an outcome that stands; if anything fails before it is settled, it is taken up again.
   */
  public void announce(Event<?> cause, BuildFinished outcome) throws UnavailableException {
    events.publishAll(List.of(cause.next(outcome.stage(), outcome)));
  }

  /** Nothing is left to be done for an outcome: this process does not take it up again. */
  public void settle(BuildId build) {
    synchronized (settled) {
      settled.add(build);
    }
  }

  private static void log(String what, Event<?> cause, BuildFinished outcome) {
    LOG.info(
        "outcome {} buildId={} outcome={} stage={} service={} reason={} message={}",
        what,
        cause.build(),
        outcome.outcome().wire(),
        outcome.stage(),
        outcome.service().orElse("-"),
        outcome.reason().map(reason -> reason.wire()).orElse("-"),
        outcome.message().orElse("-"));
  }

  private boolean isSettled(BuildId build) {
    synchronized (settled) {
      return settled.contains(build);
    }
  }
}
