package io.tarkiln.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.Topics;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.SentRecords;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressReporterTest {
  private final SentRecords published = new SentRecords();
  private final BuildId build = BuildId.next();

  @Test
  void tells_watchers_how_far_a_long_push_is() {
    ProgressReporter progress = progress(Duration.ZERO);

    progress.sending(3_000_000);
    progress.sent(1_500_000);
    progress.sent(500_000);

    assertThat(published).allMatch(record -> record.topic().equals("tarkiln.build-log"));
    assertThat(published)
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

    assertThat(published).isEmpty();
  }

  private ProgressReporter progress(Duration between) {
    EventPublisher events =
        new EventPublisher(new CloudEvents(new Topics("tarkiln.")), published::send);
    Event<ImageBuilt> built = SampleEvents.built(build, "shop", "api", SampleEvents.plan("api"));
    return new ProgressReporter(built, events, between);
  }
}
