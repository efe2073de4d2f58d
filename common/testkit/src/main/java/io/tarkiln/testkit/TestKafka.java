package io.tarkiln.testkit;

import io.tarkiln.embedded.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The Kafka of a test JVM: Testcontainers' where a container engine answers, else a broker in this
 * JVM. Both end with it.
 */
public final class TestKafka {
  private static final String IMAGE = "apache/kafka:4.1.1";
  private static final String BOOTSTRAP_SERVERS = start();

  private TestKafka() {}

  public static String bootstrapServers() {
    return BOOTSTRAP_SERVERS;
  }

  /** Makes these topics unless they are there. */
  public static void createTopics(String... names) throws IOException {
    KafkaBroker.createTopics(
        BOOTSTRAP_SERVERS,
        Arrays.stream(names).collect(Collectors.toMap(name -> name, name -> Duration.ofDays(1))));
  }

  private static String start() {
    return DockerClientFactory.instance().isDockerAvailable() ? container() : inThisJvm();
  }

  @SuppressWarnings("resource") // Testcontainers removes it when this JVM has ended
  private static String container() {
    KafkaContainer kafka = new KafkaContainer(IMAGE);
    kafka.start();
    return kafka.getBootstrapServers();
  }

  private static String inThisJvm() {
    return ScratchFolder.start("kafka", folder -> KafkaBroker.start(folder, "localhost", 0))
        .bootstrapServers();
  }
}
