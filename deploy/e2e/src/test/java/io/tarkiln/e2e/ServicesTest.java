package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.BuildId;
import io.tarkiln.e2e.stack.RequestProducer;
import io.tarkiln.e2e.stack.SeparateServices;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.ServiceProcess;
import io.tarkiln.testkit.TestKafka;
import io.tarkiln.testkit.Watcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services as a cluster runs them: four processes that share nothing but Kafka and S3. Each has
 * its own configuration, health and metrics.
 */
@Tag("e2e")
class ServicesTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Topics TOPICS = new Topics("services.");

  @TempDir static Path folder;
  private static SeparateServices apart;

  @BeforeAll
  static void start() throws Exception {
    apart = SeparateServices.start(folder, TOPICS.prefix(), Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    if (apart != null) {
      apart.close();
    }
  }

  @Test
  void each_is_live_and_counts_what_it_does() throws Exception {
    for (ServiceProcess service : apart.services()) {
      assertThat(service.status("/q/health/live")).isEqualTo(200);
      assertThat(service.metrics()).contains("kafka_consumer", "jvm_memory_used_bytes");
    }
  }

  @Test
  void a_setting_that_makes_no_sense_ends_a_service_at_its_start() throws Exception {
    Path own = Files.createDirectories(folder.resolve("senseless"));
    // Away from the Kafka of the others, whose group it would disturb.
    Map<String, String> senseless =
        Map.of("TARKILN_RETRY_FOR", "soon", Settings.KAFKA, "localhost:1");
    try (ServiceProcess service =
        ServiceProcess.start("dockerfile-rewriter", apart.variables(senseless), own)) {
      assertThat(service.awaitEnd()).isNotZero();
      assertThat(service.log()).contains("TARKILN_RETRY_FOR=soon is not a duration");
    }
  }

  @Test
  void together_they_make_an_image_of_a_request() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("shop"))
            .file("Dockerfile", "FROM scratch\nCOPY message.txt /\n")
            .file("message.txt", "across four processes\n")
            .committed();
    BuildId build = BuildId.next();

    RequestProducer.publish(
        TestKafka.bootstrapServers(),
        TOPICS.of(EventType.BUILD_REQUESTED),
        build,
        """
        {"workload": "apart", "tag": "1", "source": {"repository": "%s"},
         "services": [{"name": "app"}]}
        """
            .formatted(repository.url()));

    try (Watcher watcher = new Watcher(TestKafka.bootstrapServers(), List.copyOf(TOPICS.all()))) {
      ConsumerRecord<String, String> finished =
          watcher.await(TOPICS.of(EventType.BUILD_FINISHED), build, LIMIT);
      JsonNode outcome = new ObjectMapper().readTree(finished.value());

      assertThat(outcome.get("outcome").asText()).as(finished.value()).isEqualTo("succeeded");
      for (EventType type :
          List.of(
              EventType.SOURCE_CHECKED_OUT,
              EventType.DOCKERFILE_REWRITTEN,
              EventType.BUILD_SUBMITTED,
              EventType.IMAGE_BUILT,
              EventType.IMAGE_PUSHED)) {
        assertThat(watcher.all(TOPICS.of(type), build.toString())).as(type.toString()).hasSize(1);
      }
    }
    assertThat(apart.registry().file("apart/app", "1", "message.txt"))
        .contains("across four processes\n");
  }
}
