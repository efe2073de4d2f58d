package io.tarkiln.e2e.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tarkiln.build.BuildId;
import io.tarkiln.e2e.stack.RequestProducer;
import io.tarkiln.testkit.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Somebody who may write every topic, and reads along what becomes of it. */
final class Forger implements AutoCloseable {
  static final Duration LIMIT = Duration.ofMinutes(5);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TOPICS =
      Stream.of(
              "build-requested",
              "source-checked-out",
              "dockerfile-rewritten",
              "build-submitted",
              "build-log",
              "image-built",
              "image-pushed",
              "build-finished",
              "dead-letter")
          .map(Forger::topic)
          .toList();

  private final String kafka;
  private final Watcher watcher;
  private int forged;

  Forger(String kafka) {
    this.kafka = kafka;
    this.watcher = new Watcher(kafka, TOPICS);
  }

  /** Publishes data as an event of a build. */
  void publish(String type, BuildId build, String json) throws Exception {
    RequestProducer.publish(kafka, topic(type), build, type, json);
  }

  /** Publishes data as an event of a build, and waits until it is put aside; the reason of that. */
  String refused(String type, BuildId build, ObjectNode data) throws Exception {
    data.put("forged", forged++);
    String json = data.toString();
    publish(type, build, json);
    ConsumerRecord<String, String> letter =
        watcher.await(
            record ->
                record.topic().equals(topic("dead-letter"))
                    && build.toString().equals(record.key())
                    && json.equals(record.value()),
            LIMIT);
    return new String(letter.headers().lastHeader("dead-letter-reason").value(), UTF_8);
  }

  /** The data of the first event of this type that a build has, once it is there. */
  ObjectNode data(String type, BuildId build) throws IOException {
    ConsumerRecord<String, String> first =
        watcher.await(
            record -> record.topic().equals(topic(type)) && build.toString().equals(record.key()),
            LIMIT);
    return tree(first.value());
  }

  /** Waits until a build says something in its log. */
  void awaitLog(BuildId build, String text) {
    watcher.await(
        record ->
            record.topic().equals(topic("build-log"))
                && build.toString().equals(record.key())
                && record.value().contains(text),
        LIMIT);
  }

  /** How often something of this type was told of a build until now. */
  int told(String type, BuildId build) {
    return watcher.all(topic(type), build.toString()).size();
  }

  /** The outcome of a build, once it has one that a service told. */
  String outcome(BuildId build) throws IOException {
    ConsumerRecord<String, String> finished =
        watcher.await(
            record ->
                record.topic().equals(topic("build-finished"))
                    && build.toString().equals(record.key())
                    && new String(record.headers().lastHeader("ce_source").value(), UTF_8)
                        .startsWith("/tarkiln/"),
            LIMIT);
    return tree(finished.value()).get("outcome").asText();
  }

  /** JSON to be spoiled. */
  static ObjectNode tree(String json) throws IOException {
    JsonNode tree = JSON.readTree(json);
    return (ObjectNode) tree;
  }

  private static String topic(String type) {
    return "tarkiln." + type;
  }

  @Override
  public void close() {
    watcher.close();
  }
}
