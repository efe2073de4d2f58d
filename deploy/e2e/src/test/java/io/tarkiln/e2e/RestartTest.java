package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.embedded.Ports;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import io.tarkiln.testkit.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kill -9} in the middle of a build leaves, and what comes of it. */
@Tag("e2e")
class RestartTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final List<String> TOPICS =
      List.of(
          "tarkiln.build-log",
          "tarkiln.image-built",
          "tarkiln.image-pushed",
          "tarkiln.build-finished");

  @TempDir Path folder;

  @Test
  void a_build_that_was_killed_ends_once_after_the_restart() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("slow"))
            .file(
                "Dockerfile",
                "FROM alpine:3.20\nRUN echo begun && sleep 8 && echo made > /made.txt\n")
            .committed();
    // The same registry as before: its address is in the Dockerfile that was rewritten already.
    String port = Integer.toString(Ports.free());
    String build;
    try (Stack first = Stack.up(folder.resolve("state"), Map.of(), port)) {
      Program.Ended ran = first.publish("slow", repository.url(), "--revision", "main");
      assertThat(ran.exit()).as(ran.err()).isZero();
      build = ran.out().strip();
      try (Watcher watcher = new Watcher(first.kafka(), List.of("tarkiln.build-log"))) {
        watcher.await(
            record -> build.equals(record.key()) && record.value().contains("begun"), LIMIT);
      }
      first.killAlone();
    }

    try (Stack second = Stack.up(folder.resolve("state"), Map.of(), port);
        Watcher watcher = new Watcher(second.kafka(), TOPICS)) {
      ConsumerRecord<String, String> finished =
          watcher.await("tarkiln.build-finished", build, LIMIT);
      JsonNode outcome = new ObjectMapper().readTree(finished.value());

      assertThat(outcome.get("outcome").asText()).as(outcome.toString()).isEqualTo("succeeded");
      assertThat(watcher.all("tarkiln.build-finished", build)).hasSize(1);
      assertThat(watcher.all("tarkiln.image-pushed", build)).hasSize(1);
      assertThat(distinctIds(watcher.all("tarkiln.image-built", build))).hasSize(1);
      assertThat(new ImagePuller(second.registry()).file("slow/app", "1", "made.txt"))
          .contains("made\n");
      assertThat(second.stop()).isZero();
    }
  }

  private static List<String> distinctIds(List<ConsumerRecord<String, String>> records) {
    return records.stream()
        .map(record -> new String(record.headers().lastHeader("ce_id").value()))
        .distinct()
        .collect(Collectors.toList());
  }
}
