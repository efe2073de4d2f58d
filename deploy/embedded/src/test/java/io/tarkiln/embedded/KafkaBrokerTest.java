package io.tarkiln.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class KafkaBrokerTest {
  private static final String TOPIC = "things";

  @TempDir Path folder;

  @Test
  void keeps_records_and_offsets_over_a_restart() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(folder, "localhost", 0)) {
      broker.createTopics(Map.of(TOPIC, Duration.ofDays(1)));
      broker.createTopics(Map.of(TOPIC, Duration.ofDays(1)));
      send(broker, "first");
      assertThat(read(broker, 1)).containsExactly("first");
      send(broker, "second");
    }

    try (KafkaBroker broker = KafkaBroker.start(folder, "localhost", 0)) {
      assertThat(read(broker, 1)).containsExactly("second");
    }
  }

  private static void send(KafkaBroker broker, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "key", value)).get();
    }
  }

  private static List<String> read(KafkaBroker broker, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "test",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      Instant end = Instant.now().plusSeconds(60);
      while (values.size() < count && Instant.now().isBefore(end)) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
      consumer.commitSync();
    }
    return values;
  }
}
