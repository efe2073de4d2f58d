package io.tarkiln.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class StageFactoryTest {
  @Test
  void no_service_starts_on_an_s3_that_takes_a_second_first_writer() throws Exception {
    try (ScriptedServer s3 = new ScriptedServer(request -> Answer.of(200))) {
      assertThatThrownBy(() -> stages(s3))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("S3 does not honour If-None-Match on PUT: Tarkiln needs");
    }
  }

  @Test
  void an_s3_that_is_away_is_waited_for_and_may_not_be_such_a_one_either() throws Exception {
    AtomicBoolean away = new AtomicBoolean(true);
    try (ScriptedServer s3 = new ScriptedServer(request -> Answer.of(away.get() ? 403 : 200))) {
      StageFactory stages = stages(s3);
      away.set(false);
      BuildFinished failed =
          BuildFinished.failed(
              "shop",
              "1",
              "dockerfile-rewriter",
              Optional.empty(),
              Reason.TIMEOUT,
              "too late",
              List.of());
      Event<?> event =
          Event.first(BuildId.next(), "cli", new BuildCancelRequested("shop", Optional.empty()));

      assertThatThrownBy(() -> stages.outcomes().of(event.build()))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("If-None-Match");
      assertThatThrownBy(() -> stages.outcomes().decide(event, failed))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("If-None-Match");
      assertThat(s3.seen()).noneMatch(request -> request.uri().contains("finished.json"));
      stages.close();
    }
  }

  private static StageFactory stages(ScriptedServer s3) {
    Map<String, String> variables =
        Map.of(
            "AWS_ENDPOINT_URL_S3", "http://" + s3.address(),
            "AWS_ACCESS_KEY_ID", "any",
            "AWS_SECRET_ACCESS_KEY", "any");
    SmallRyeConfigBuilder config = new SmallRyeConfigBuilder();
    variables.forEach(config::withDefaultValue);
    return new StageFactory(config.build(), null);
  }
}
