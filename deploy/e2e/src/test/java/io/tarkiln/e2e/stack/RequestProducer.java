package io.tarkiln.e2e.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildId;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes a request with a plain producer, as any CI script would. */
public final class RequestProducer {
  private RequestProducer() {}

  public static void publish(String bootstrapServers, String topic, BuildId build, String json)
      throws Exception {
    publish(bootstrapServers, topic, build, "build-requested", json);
  }

  /** The same of another type of event, by its topic's name without prefix. */
  public static void publish(
      String bootstrapServers, String topic, BuildId build, String type, String json)
      throws Exception {
    ProducerRecord<String, String> record = new ProducerRecord<>(topic, build.toString(), json);
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            build + "/" + type,
            "ce_source",
            "/ci/test",
            "ce_type",
            "io.tarkiln." + type.replace('-', '.') + ".v1")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(record).get();
    }
  }
}
