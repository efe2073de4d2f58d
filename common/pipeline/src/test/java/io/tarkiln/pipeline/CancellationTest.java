package io.tarkiln.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.Topics;
import io.tarkiln.samples.SentRecords;
import io.tarkiln.samples.TestS3;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class CancellationTest {
  private static final CloudEvents CLOUD_EVENTS = new CloudEvents(new Topics("tarkiln."));

  private static final ObjectStore store = TestS3.newStore();

  private final SentRecords published = new SentRecords();
  private final EventPublisher events = new EventPublisher(CLOUD_EVENTS, published::send);
  private final BuildOutcomes outcomes = new BuildOutcomes(store, events);
  private final Cancellation cancellation =
      new Cancellation(
          events,
          outcomes,
          Retry.onOwnThreads("cancellation-test", StageSettings.of(Settings.of(Map.of()))));
  private final Event<BuildCancelRequested> request =
      Event.first(
          BuildId.next(),
          "cli",
          new BuildCancelRequested("shop", Optional.of("this was the wrong branch")));

  @Test
  void ends_a_build_that_nobody_has_begun() throws Exception {
    handle(CLOUD_EVENTS.encode(request).value());

    BuildFinished outcome = outcomes.of(request.build()).orElseThrow();
    assertThat(outcome.outcome()).isEqualTo(BuildFinished.Outcome.CANCELLED);
    assertThat(outcome.message()).contains("this was the wrong branch");
    assertThat(published).hasSize(1);
    assertThat(published.get(0).topic()).isEqualTo("tarkiln.build-finished");
  }

  @Test
  void asking_twice_ends_it_once() throws Exception {
    handle(CLOUD_EVENTS.encode(request).value());
    handle(CLOUD_EVENTS.encode(request).value());

    assertThat(published).hasSize(1);
  }

  @Test
  void leaves_a_build_alone_that_has_ended() throws Exception {
    BuildFinished success = BuildFinished.succeeded("shop", "1", "artifact-pusher", List.of());
    outcomes.end(request, success);
    published.clear();

    handle(CLOUD_EVENTS.encode(request).value());

    assertThat(outcomes.of(request.build())).contains(success);
    assertThat(published).isEmpty();
  }

  @Test
  void puts_aside_what_it_cannot_read() throws Exception {
    handle("<xml/>".getBytes(UTF_8));

    assertThat(published).hasSize(1);
    assertThat(published.get(0).topic()).isEqualTo("tarkiln.dead-letter");
  }

  private void handle(byte[] value) throws Exception {
    cancellation
        .handle(SentRecords.received(CLOUD_EVENTS.encode(request), 0, value))
        .toCompletableFuture()
        .get();
  }
}
