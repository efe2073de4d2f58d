package io.tarkiln.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.event.Topics;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.SentRecords;
import io.tarkiln.samples.TestS3;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage with many services of one workload before it, and one of another. */
@Tag("server")
class FairnessTest {
  private static final CloudEvents CLOUD_EVENTS = new CloudEvents(new Topics("tarkiln."));
  private static final int THREADS = 4;
  private static final int MANY = 500;

  @TempDir private Path folder;

  @Test
  void five_hundred_services_of_one_workload_do_not_keep_one_of_another_waiting() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch allAreThere = new CountDownLatch(1);
    Step<SourceCheckedOut> step =
        event -> {
          allAreThere.await();
          order.add(event.data().workload());
          return StepResult.of();
        };
    EventPublisher events = new EventPublisher(CLOUD_EVENTS, new SentRecords()::send);
    StageSettings settings =
        new StageSettings(
            THREADS,
            2048,
            Duration.ofMinutes(1),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofHours(1),
            Duration.ofHours(1));
    try (StageHandler<SourceCheckedOut> stage =
        new StageHandler<>(
            "test",
            SourceCheckedOut.class,
            step,
            settings,
            events,
            new BuildOutcomes(TestS3.newStore(), events))) {
      List<CompletableFuture<Void>> settled = new ArrayList<>();
      BuildId large = BuildId.next();
      for (int i = 0; i < MANY; i++) {
        settled.add(handle(stage, large, "shop", "s" + i));
      }
      settled.add(handle(stage, BuildId.next(), "bank", "api"));
      allAreThere.countDown();
      for (CompletableFuture<Void> each : settled) {
        each.get(2, TimeUnit.MINUTES);
      }
    }

    assertThat(order).hasSize(MANY + 1);
    // Those that threads had taken before it came, then one turn of the other workload on each.
    assertThat(order.indexOf("bank")).isLessThanOrEqualTo(3 * THREADS);
  }

  private static CompletableFuture<Void> handle(
      StageHandler<SourceCheckedOut> stage, BuildId build, String workload, String service) {
    RunInput input = new RunInput("sources/x", ".", "Dockerfile", "x", Map.of(), Optional.empty());
    SourceCheckedOut source =
        new SourceCheckedOut(workload, service, SampleEvents.plan(service), input);
    return stage
        .handle(
            SentRecords.received(
                CLOUD_EVENTS.encode(Event.first(build, "checkout-worker", source))))
        .toCompletableFuture();
  }
}
