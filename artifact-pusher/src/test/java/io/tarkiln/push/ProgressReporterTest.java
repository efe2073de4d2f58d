package io.tarkiln.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.Topics;
import io.tarkiln.pipeline.EventPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ProgressReporterTest {
  private final List<ProducerRecord<String, byte[]>> told = new CopyOnWriteArrayList<>();
  private final BuildId build = BuildId.next();

  @Test
  void tells_watchers_how_far_a_long_push_is() {
    ProgressReporter progress = progress(Duration.ZERO);

    progress.sending(3_000_000);
    progress.sent(1_500_000);
    progress.sent(500_000);

    assertThat(told).allMatch(record -> record.topic().equals("tarkiln.build-log"));
    assertThat(told)
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactly(
            "{\"workload\":\"shop\",\"service\":\"api\",\"firstLine\":0,"
                + "\"lines\":[\"pushing: 1.5 MB sent of 3.0 MB so far\"]}",
            "{\"workload\":\"shop\",\"service\":\"api\",\"firstLine\":0,"
                + "\"lines\":[\"pushing: 2.0 MB sent of 3.0 MB so far\"]}");
  }

  @Test
  void says_nothing_of_a_short_push() {
    ProgressReporter progress = progress(Duration.ofHours(1));

    progress.sending(3_000_000);
    progress.sent(3_000_000);

    assertThat(told).isEmpty();
  }

  private ProgressReporter progress(Duration between) {
    BuildPlan plan =
        new BuildPlan(
            "1",
            List.of(),
            List.of("api"),
            "https://git.example/shop.git",
            "main",
            "4f2c1e9a".repeat(5),
            true,
            true);
    EventPublisher events =
        new EventPublisher(
            new CloudEvents(new Topics("tarkiln.")),
            record -> {
              told.add(record);
              return CompletableFuture.completedFuture(null);
            });
    ImageBuilt built =
        new ImageBuilt(
            "shop",
            "api",
            plan,
            Optional.of("image.tar"),
            1,
            List.of(),
            Optional.empty(),
            Optional.empty());
    return new ProgressReporter(Event.first(build, "build-submitter", built), events, between);
  }
}
