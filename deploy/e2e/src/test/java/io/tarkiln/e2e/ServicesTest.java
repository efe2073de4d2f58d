package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.BuildId;
import io.tarkiln.embedded.GitRepository;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.embedded.TestKafka;
import io.tarkiln.embedded.Watcher;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services as a cluster runs them: four processes that share nothing but Kafka and S3. Each has
 * its own configuration, health and metrics.
 */
class ServicesTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final List<String> NAMES =
      List.of("checkout-worker", "dockerfile-rewriter", "build-submitter", "artifact-pusher");
  private static final Topics TOPICS = new Topics("services.");

  @TempDir static Path folder;
  private static S3Server s3;
  private static RegistryServer registry;
  private static final List<Service> SERVICES = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    TestKafka.createTopics(TOPICS.all().toArray(String[]::new));
    s3 = S3Server.start(folder.resolve("s3"), "127.0.0.1", 0);
    registry =
        RegistryServer.start(
            GoTools.provide("registry"),
            folder.resolve("registry"),
            "127.0.0.1",
            0,
            RegistryServer.Options.PLAIN);
    Map<String, String> variables = new HashMap<>(s3.variables());
    variables.put(Settings.KAFKA, TestKafka.bootstrapServers());
    variables.put(Settings.TOPIC_PREFIX, TOPICS.prefix());
    variables.put(Settings.REGISTRY, registry.address());
    variables.put(Settings.PLAIN_HTTP_REGISTRIES, registry.address());
    variables.put("TARKILN_GIT_ALLOW_FILE", "true");
    variables.put("TARKILN_WORK_DIRECTORY", folder.resolve("work").toString());
    variables.put("TARKILN_KANIKO_EXECUTOR", GoTools.provide("kaniko").toString());
    try (ObjectStore store = ObjectStore.connect(Settings.of(variables))) {
      store.createBucket();
    }
    for (String name : NAMES) {
      SERVICES.add(Service.start(name, variables, folder));
    }
    SERVICES.forEach(Service::awaitReady);
  }

  @AfterAll
  static void stop() throws Exception {
    SERVICES.forEach(Service::close);
    registry.close();
    s3.close();
  }

  @Test
  void each_is_live_and_counts_what_it_does() throws Exception {
    for (Service service : SERVICES) {
      assertThat(service.status("/q/health/live")).isEqualTo(200);
      assertThat(service.metrics()).contains("kafka_consumer", "jvm_memory_used_bytes");
    }
  }

  @Test
  void together_they_make_an_image_of_a_request() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("shop"))
            .file("Dockerfile", "FROM scratch\nCOPY message.txt /\n")
            .file("message.txt", "across four processes\n");
    repository.commit();
    BuildId build = BuildId.next();

    Publisher.publish(
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
          watcher.await(
              record ->
                  record.topic().equals(TOPICS.of(EventType.BUILD_FINISHED))
                      && build.toString().equals(record.key()),
              LIMIT);
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
    assertThat(new RegistryReader(registry.address()).file("apart/app", "1", "message.txt"))
        .contains("across four processes\n");
  }
}
