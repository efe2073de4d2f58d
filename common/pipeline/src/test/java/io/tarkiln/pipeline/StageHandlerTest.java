package io.tarkiln.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.Objection;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.cloudevents.DeadLetters;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.SentRecords;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class StageHandlerTest {
  private static final Topics TOPICS = new Topics("tarkiln.");
  private static final CloudEvents CLOUD_EVENTS = new CloudEvents(TOPICS);

  private static final ObjectStore store = TestS3.newStore();

  private final SentRecords published = new SentRecords();
  private final EventPublisher events = new EventPublisher(CLOUD_EVENTS, published::send);
  private final BuildOutcomes outcomes = new BuildOutcomes(store, events);
  private Duration longestHold = Duration.ofHours(1);
  private StageHandler<BuildRequested> stage;

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void settles_a_record_after_its_events_are_published() throws Exception {
    Event<BuildRequested> request = request();
    stage =
        stage(
            event ->
                StepResult.of(
                    event.next("test", BuildFinished.succeeded("shop", "1", "x", List.of()))));

    handle(request);

    assertThat(published).hasSize(1);
    assertThat(published.get(0).topic()).isEqualTo(TOPICS.of(EventType.BUILD_FINISHED));
  }

  @Test
  void does_not_settle_a_record_before_its_step_says_so() throws Exception {
    CompletableFuture<Void> end = new CompletableFuture<>();
    CountDownLatch ran = new CountDownLatch(1);
    stage =
        stage(
            event -> {
              ran.countDown();
              return new StepResult(List.of(), end);
            });

    CompletableFuture<Void> settled = stage.handle(received(request(), "{}")).toCompletableFuture();
    CompletableFuture<Void> handled = stage.handle(received(request())).toCompletableFuture();

    ran.await();
    assertThat(handled).isNotDone();
    end.complete(null);
    handled.get();
    settled.get();
  }

  @Test
  void ends_a_rejected_build_once_however_often_it_is_delivered() throws Exception {
    Event<BuildRequested> request = request();
    AtomicInteger runs = new AtomicInteger();
    stage =
        stage(
            event -> {
              runs.incrementAndGet();
              throw new RejectedException(Reason.NO_SUCH_REVISION, "no revision 'x'");
            });

    handle(request);
    handle(request);

    BuildFinished outcome = outcomes.of(request.build()).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.NO_SUCH_REVISION);
    assertThat(outcome.message()).contains("no revision 'x'");
    assertThat(outcome.stage()).isEqualTo("test");
    assertThat(runs).hasValue(1);
    assertThat(published.stream().map(record -> CloudEvents.header(record.headers(), "ce_id")))
        .containsExactly(Optional.of(request.build() + "/build-finished"));
  }

  @Test
  void announces_an_outcome_that_was_written_but_not_announced() throws Exception {
    Event<BuildRequested> request = request();
    store.writeOnce(
        ObjectKeys.finished(request.build()),
        "{\"workload\":\"shop\",\"tag\":\"1\",\"outcome\":\"failed\",\"stage\":\"test\"}"
            .getBytes(UTF_8));
    stage = stage(event -> StepResult.of());

    handle(request);

    assertThat(published).hasSize(1);
  }

  @Test
  void takes_up_again_an_outcome_that_was_announced_and_not_settled() throws Exception {
    Event<BuildRequested> request = request();
    BuildFinished decided =
        outcomes.decide(request, BuildFinished.succeeded("shop", "1", "test", List.of()));
    outcomes.announce(request, decided);
    stage = stage(event -> StepResult.of());

    handle(request);
    assertThat(published).hasSize(2);
    handle(request);
    assertThat(published).hasSize(2);
  }

  @Test
  void leaves_the_announcement_to_the_stage_that_ended_the_build() throws Exception {
    Event<BuildRequested> request = request();
    store.writeOnce(
        ObjectKeys.finished(request.build()),
        "{\"workload\":\"shop\",\"tag\":\"1\",\"outcome\":\"failed\",\"stage\":\"other\"}"
            .getBytes(UTF_8));
    AtomicInteger runs = new AtomicInteger();
    stage =
        stage(
            event -> {
              runs.incrementAndGet();
              return StepResult.of();
            });

    handle(request);

    assertThat(runs).hasValue(0);
    assertThat(published).isEmpty();
  }

  @Test
  void tries_again_what_is_unavailable_while_other_builds_go_on() throws Exception {
    Event<BuildRequested> held = request();
    CountDownLatch otherDone = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    stage =
        stage(
            event -> {
              if (event.build().equals(held.build()) && otherDone.getCount() > 0) {
                tries.incrementAndGet();
                throw new UnavailableException("the git host is down");
              }
              return StepResult.of();
            },
            1,
            Duration.ofMinutes(1));

    CompletableFuture<Void> waiting = stage.handle(received(held)).toCompletableFuture();
    handle(request());
    assertThat(waiting).isNotDone();
    otherDone.countDown();

    waiting.get();
    assertThat(tries.get()).isPositive();
    assertThat(outcomes.of(held.build())).isEmpty();
    assertThat(published).as("who watches sees it, once").hasSize(1);
    assertThat(published.get(0).topic()).isEqualTo(TOPICS.of(EventType.BUILD_LOG));
    assertThat(new String(published.get(0).value(), UTF_8))
        .contains("test waits and tries again: the git host is down");
  }

  @Test
  void tries_again_what_fails_when_it_has_worked_for_longer_than_it_may_be_tried()
      throws Exception {
    Event<BuildRequested> request = request();
    Duration retryFor = Duration.ofMillis(300);
    AtomicInteger runs = new AtomicInteger();
    stage =
        stage(
            event -> {
              if (runs.incrementAndGet() == 1) {
                Thread.sleep(2 * retryFor.toMillis());
                throw new UnavailableException("S3 is down");
              }
              return StepResult.of();
            },
            1,
            retryFor);

    handle(request);

    assertThat(runs).hasValue(2);
    assertThat(outcomes.of(request.build())).isEmpty();
  }

  @Test
  void what_failed_before_a_run_counts_for_nothing_when_the_run_fails_after_a_long_time()
      throws Exception {
    Event<BuildRequested> request = request();
    Duration retryFor = Duration.ofMillis(300);
    AtomicInteger runs = new AtomicInteger();
    stage =
        stage(
            event -> {
              if (runs.incrementAndGet() == 1) {
                throw new UnavailableException("S3 is down");
              }
              return runs.get() == 2
                  ? new StepResult(List.of(), failingAfter(retryFor.multipliedBy(2)))
                  : StepResult.of();
            },
            1,
            retryFor);

    handle(request);

    assertThat(runs).hasValue(3);
    assertThat(outcomes.of(request.build())).isEmpty();
  }

  private static CompletableFuture<Void> failingAfter(Duration time) {
    return CompletableFuture.runAsync(
        () -> {
          throw new CompletionException(new UnavailableException("the registry is down"));
        },
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Test
  void holds_no_thread_for_builds_that_wait_for_what_another_one_has() throws Exception {
    CompletableFuture<Void> free = new CompletableFuture<>();
    List<Event<BuildRequested>> held =
        Stream.generate(StageHandlerTest::request).limit(50).toList();
    Set<BuildId> waiting = held.stream().map(Event::build).collect(Collectors.toSet());
    AtomicInteger tries = new AtomicInteger();
    stage =
        stage(
            event -> {
              if (waiting.contains(event.build())) {
                tries.incrementAndGet();
                if (!free.isDone()) {
                  return StepResult.busy(free);
                }
              }
              return StepResult.of();
            },
            1,
            Duration.ofMillis(1));

    List<CompletableFuture<Void>> settled =
        held.stream().map(event -> stage.handle(received(event)).toCompletableFuture()).toList();
    handle(request());
    assertThat(settled).noneMatch(CompletableFuture::isDone);
    free.complete(null);

    CompletableFuture.allOf(settled.toArray(CompletableFuture[]::new)).get();
    assertThat(tries).hasValueLessThanOrEqualTo(100);
  }

  @Test
  void a_build_that_gives_up_waiting_leaves_what_others_wait_for_alone() throws Exception {
    CompletableFuture<Void> free = new CompletableFuture<>();
    stage =
        stage(
            event -> {
              if (!free.isDone()) {
                return StepResult.busy(free);
              }
              return StepResult.of();
            });
    // It has a second left of its day.
    BuildId old = BuildId.at(Instant.now().minus(Duration.ofDays(1)).plusSeconds(1));
    Event<BuildRequested> young = request();
    CompletableFuture<Void> waiting = stage.handle(received(young)).toCompletableFuture();

    handle(Event.first(old, "cli", request().data()));
    assertThat(outcomes.of(old).orElseThrow().reason()).contains(Reason.TIMEOUT);
    assertThat(free).isNotDone();
    assertThat(waiting).isNotDone();
    free.complete(null);

    waiting.get();
    assertThat(outcomes.of(young.build())).isEmpty();
  }

  @Test
  void ends_a_build_whose_needs_stay_unavailable() throws Exception {
    Event<BuildRequested> request = request();
    stage =
        stage(
            event -> {
              throw new UnavailableException("the git host is down");
            },
            1,
            Duration.ofMillis(200));

    handle(request);

    BuildFinished outcome = outcomes.of(request.build()).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.UNAVAILABLE);
    assertThat(outcome.message().orElseThrow()).startsWith("the git host is down");
  }

  @Test
  void ends_a_build_that_shows_a_defect_of_ours() throws Exception {
    Event<BuildRequested> request = request();
    stage =
        stage(
            event -> {
              throw new IllegalStateException("secret detail");
            });

    handle(request);

    BuildFinished outcome = outcomes.of(request.build()).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.INTERNAL_ERROR);
    assertThat(outcome.message().orElseThrow()).doesNotContain("secret detail");
  }

  @Test
  void ends_a_build_that_it_has_held_for_too_long() throws Exception {
    Event<BuildRequested> request = request();
    CountDownLatch interrupted = new CountDownLatch(1);
    longestHold = Duration.ofSeconds(2);
    stage =
        stage(
            event -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException stopped) {
                interrupted.countDown();
                throw stopped;
              }
              return StepResult.of();
            });

    handle(request);

    BuildFinished outcome = outcomes.of(request.build()).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.TIMEOUT);
    assertThat(outcome.message().orElseThrow()).contains("TARKILN_LONGEST_HOLD");
    interrupted.await();
  }

  @Test
  void ends_a_build_that_was_asked_for_too_long_ago_and_could_not_end_since() throws Exception {
    Event<BuildRequested> request =
        Event.first(BuildId.at(Instant.now().minus(Duration.ofDays(2))), "cli", request().data());
    stage =
        stage(
            event -> {
              throw new UnavailableException("the git host is down");
            });

    handle(request);

    BuildFinished outcome = outcomes.of(request.build()).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.TIMEOUT);
    assertThat(outcome.message().orElseThrow()).contains("TARKILN_LONGEST_BUILD");
  }

  @Test
  void puts_aside_what_it_cannot_read() throws Exception {
    stage = stage(event -> StepResult.of());

    stage.handle(received(request(), "<xml/>")).toCompletableFuture().get();

    assertThat(published).hasSize(1);
    assertThat(published.get(0).topic()).isEqualTo("tarkiln.dead-letter");
    assertThat(published.get(0).value()).isEqualTo("<xml/>".getBytes(UTF_8));
  }

  @Test
  void puts_aside_what_it_does_not_believe_and_does_nothing_for_it() throws Exception {
    Event<BuildRequested> request = request();
    AtomicInteger runs = new AtomicInteger();
    stage = unbelieving(event -> StepResult.of(List.of(event.next("test", event.data()))), runs);

    handle(request);

    assertThat(runs).hasValue(0);
    assertThat(outcomes.of(request.build())).isEmpty();
    assertThat(reasons()).containsExactly("unknown-build: nobody asked for it");
  }

  @Test
  void does_not_end_a_build_for_what_it_does_not_believe_however_old_it_is() throws Exception {
    Event<BuildRequested> request =
        Event.first(BuildId.at(Instant.now().minus(Duration.ofDays(2))), "cli", request().data());
    stage = unbelieving(event -> StepResult.of(), new AtomicInteger());

    handle(request);

    assertThat(outcomes.of(request.build())).isEmpty();
    assertThat(reasons()).isNotEmpty().containsOnly("unknown-build: nobody asked for it");
  }

  @Test
  void takes_no_outcome_up_again_for_what_it_does_not_believe() throws Exception {
    Event<BuildRequested> request = request();
    outcomes.decide(request, BuildFinished.succeeded("shop", "1", "test", List.of()));
    stage = unbelieving(event -> StepResult.of(), new AtomicInteger());

    handle(request);

    assertThat(reasons()).containsExactly("unknown-build: nobody asked for it");
  }

  @Test
  void asks_again_whether_to_believe_what_it_could_not_find_out() throws Exception {
    Event<BuildRequested> request = request();
    AtomicInteger asked = new AtomicInteger();
    stage =
        new StageHandler<>(
            "test",
            BuildRequested.class,
            event -> {
              if (asked.incrementAndGet() == 1) {
                throw new UnavailableException("S3 is down");
              }
              return Optional.empty();
            },
            event -> StepResult.of(),
            settings(2, Duration.ofMinutes(1)),
            events,
            outcomes);

    handle(request);

    assertThat(asked).hasValue(2);
    assertThat(outcomes.of(request.build())).isEmpty();
  }

  private StageHandler<BuildRequested> unbelieving(Step<BuildRequested> step, AtomicInteger runs) {
    return new StageHandler<>(
        "test",
        BuildRequested.class,
        event -> Optional.of(new Objection(Objection.Code.UNKNOWN_BUILD, "nobody asked for it")),
        event -> {
          runs.incrementAndGet();
          return step.run(event);
        },
        settings(2, Duration.ofMinutes(1)),
        events,
        outcomes);
  }

  /** Of the dead letters, which are all that was published. */
  private List<String> reasons() {
    assertThat(published).extracting(ProducerRecord::topic).containsOnly("tarkiln.dead-letter");
    return published.stream()
        .map(letter -> CloudEvents.header(letter.headers(), DeadLetters.REASON).orElseThrow())
        .toList();
  }

  private StageHandler<BuildRequested> stage(Step<BuildRequested> step) {
    return stage(step, 2, Duration.ofMinutes(1));
  }

  private StageHandler<BuildRequested> stage(
      Step<BuildRequested> step, int concurrency, Duration retryFor) {
    return new StageHandler<>(
        "test", BuildRequested.class, step, settings(concurrency, retryFor), events, outcomes);
  }

  private StageSettings settings(int concurrency, Duration retryFor) {
    return new StageSettings(
        concurrency,
        16,
        retryFor,
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        longestHold,
        Duration.ofDays(1));
  }

  private void handle(Event<BuildRequested> event) throws Exception {
    stage.handle(received(event)).toCompletableFuture().get();
  }

  private static Event<BuildRequested> request() {
    return SampleEvents.request("shop", "api");
  }

  private static ConsumerRecord<String, byte[]> received(Event<?> event) {
    return SentRecords.received(CLOUD_EVENTS.encode(event));
  }

  private static ConsumerRecord<String, byte[]> received(Event<?> event, String json) {
    return SentRecords.received(CLOUD_EVENTS.encode(event), 0, json.getBytes(UTF_8));
  }
}
