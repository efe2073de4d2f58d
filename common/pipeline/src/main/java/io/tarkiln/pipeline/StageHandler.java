package io.tarkiln.pipeline;

import io.smallrye.mutiny.Uni;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.Claim;
import io.tarkiln.claim.Objection;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of all four services: decodes a record, asks whether it is to be believed, runs the
 * step when earlier records of the same build and service are through, publishes the events, and
 * completes once all of that is durable.
 *
 * <p>A step that waits to be tried again holds no thread, so builds never wait for one another's
 * outages, and neither does one that waits for what another build has; and workloads take turns, so
 * none waits for another's many services.
 */
public final class StageHandler<T extends EventData> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StageHandler.class);

  private final String name;
  private final Claim<T> claim;
  private final Step<T> step;
  private final StageSettings settings;
  private final EventPublisher events;
  private final BuildOutcomes outcomes;
  private final Retry retry;
  private final RecordReader<T> reader;
  private final KeyedSerialExecutor order = new KeyedSerialExecutor();
  private final FairExecutor threads;

  /** Of a stage that believes what it is told. */
  public StageHandler(
      String name,
      Class<T> dataClass,
      Step<T> step,
      StageSettings settings,
      EventPublisher events,
      BuildOutcomes outcomes) {
    this(name, dataClass, Claim.believed(), step, settings, events, outcomes);
  }

  /**
   * A handler.
   *
   * @param claim says which events are to be believed: the records of others are put aside, before
   *     anything is done for them
   */
  public StageHandler(
      String name,
      Class<T> dataClass,
      Claim<T> claim,
      Step<T> step,
      StageSettings settings,
      EventPublisher events,
      BuildOutcomes outcomes) {
    this.name = name;
    this.claim = claim;
    this.step = step;
    this.settings = settings;
    this.events = events;
    this.outcomes = outcomes;
    this.threads = new FairExecutor(name, settings.concurrency());
    this.retry = new Retry(settings, threads);
    this.reader = new RecordReader<>(name, dataClass, events, retry);
  }

  /** Takes a record; completes when everything that it caused is durable. Does not block. */
  public CompletionStage<Void> handle(ConsumerRecord<String, byte[]> record) {
    return reader.read(record, event -> inOrder(record, event));
  }

  private CompletionStage<Void> inOrder(ConsumerRecord<String, byte[]> record, Event<T> event) {
    String key = event.build() + event.service().map(service -> "/" + service).orElse("");
    return order.run(key, () -> converge(record, new CheckedClaim<>(claim, event)));
  }

  private CompletionStage<Void> converge(
      ConsumerRecord<String, byte[]> record, CheckedClaim<T> claimed) {
    Event<T> event = claimed.event();
    WaitAnnouncer waiting = new WaitAnnouncer(name, events, event);
    Uni<StepResult> step = retry.inTurn(event.data().workload(), () -> once(record, claimed));
    return retry
        .forAWhile(
            step.onFailure(UnavailableException.class).invoke(waiting::announce),
            result ->
                Uni.createFrom()
                    .completionStage(result::settled)
                    .onFailure(UnavailableException.class)
                    .invoke(waiting::announce))
        .ifNoItem()
        .after(settings.hold(event.build().start()))
        .failWith(() -> tooLate(event))
        .onFailure()
        .recoverWithUni(
            failure ->
                Uni.createFrom().completionStage(() -> ended(record, claimed, failure, waiting)))
        .subscribeAsCompletionStage();
  }

  private RejectedException tooLate(Event<T> event) {
    boolean old =
        event.build().start().plus(settings.longestBuild()).isBefore(Instant.now().plusMillis(1));
    String message =
        old
            ? "%s: the build has not ended within %s of its request (TARKILN_LONGEST_BUILD): replay it"
                .formatted(name, spoken(settings.longestBuild()))
            : "%s did not come to an end within %s (TARKILN_LONGEST_HOLD): replay the build"
                .formatted(name, spoken(settings.longestHold()));
    return new RejectedException(Reason.TIMEOUT, message);
  }

  private StepResult once(ConsumerRecord<String, byte[]> record, CheckedClaim<T> claimed)
      throws Exception {
    Event<T> event = claimed.event();
    Optional<Objection> objection = claimed.objection();
    if (objection.isPresent()) {
      return new StepResult(List.of(), reader.putAside(record, event, objection.get()));
    }
    Optional<BuildFinished> finished = outcomes.of(event.build());
    if (finished.isPresent()) {
      return resumed(event, finished.get());
    }
    StepResult result = step.run(event);
    events.publishAll(result.events());
    return result;
  }

  private StepResult resumed(Event<T> event, BuildFinished standing)
      throws RejectedException, UnavailableException {
    return outcomes.isOpen(event, standing, name)
        ? step.resume(event, standing, outcomes)
        : StepResult.of();
  }

  /**
   * Ends the build, unless the event only claims to be of it; tried until the store has taken it,
   * however long that lasts.
   */
  private CompletionStage<Void> ended(
      ConsumerRecord<String, byte[]> record,
      CheckedClaim<T> claimed,
      Throwable failure,
      WaitAnnouncer waiting) {
    Event<T> event = claimed.event();
    BuildFinished outcome = outcome(event, failure);
    return retry.untilDone(
        retry
            .inTurn(
                event.data().workload(),
                () -> {
                  try {
                    Optional<Objection> objection = claimed.objection();
                    return objection.isPresent()
                        ? new StepResult(List.of(), reader.putAside(record, event, objection.get()))
                        : resumed(event, outcomes.decide(event, outcome));
                  } catch (UnavailableException later) {
                    waiting.announce(later);
                    throw later;
                  } catch (RejectedException refused) {
                    // A release that was decided: somebody must mend what refuses it, an account,
                    // say.
                    waiting.announce(new UnavailableException(refused.getMessage(), refused));
                    throw refused;
                  }
                })
            .flatMap(result -> Uni.createFrom().completionStage(result::settled)));
  }

  private BuildFinished outcome(Event<T> event, Throwable failure) {
    Optional<UnavailableException> unavailable = Retry.unavailable(failure);
    if (failure instanceof RejectedException rejected) {
      return failed(event, rejected.reason(), rejected.getMessage(), rejected.lastLines());
    }
    if (unavailable.isPresent()) {
      return failed(
          event,
          Reason.UNAVAILABLE,
          "%s; gave up after %s, replay the build later"
              .formatted(unavailable.get().getMessage(), spoken(settings.retryFor())),
          List.of());
    }
    LOG.error("defect stage={} buildId={}", name, event.build(), failure);
    return failed(
        event,
        Reason.INTERNAL_ERROR,
        "%s failed in a way it should not: see its log for build %s".formatted(name, event.build()),
        List.of());
  }

  private BuildFinished failed(
      Event<T> event, Reason reason, String message, List<String> lastLines) {
    return BuildFinished.failed(
        event.data().workload(),
        TagLookup.of(event.data()),
        name,
        event.service(),
        reason,
        message,
        lastLines);
  }

  private static String spoken(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /** Stops at once; what was not settled comes again with the next start. */
  @Override
  public void close() {
    threads.close();
  }
}
