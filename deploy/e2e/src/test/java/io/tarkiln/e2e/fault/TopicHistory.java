package io.tarkiln.e2e.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All records of all topics, as a plain consumer sees them while they come. */
final class TopicHistory implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Topics topics;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, List<ConsumerRecord<String, byte[]>>> ofBuild = new HashMap<>();
  private final List<ConsumerRecord<String, byte[]>> deadLetters = new ArrayList<>();
  private final Thread reader = new Thread(this::read, "history");
  private final Consumer<ConsumerRecord<String, byte[]>> seen;

  /** Reads from now until it is closed; {@code seen} gets each record at once. */
  TopicHistory(
      String bootstrapServers, Topics topics, Consumer<ConsumerRecord<String, byte[]>> seen) {
    this.topics = topics;
    this.seen = seen;
    Properties properties = new Properties();
    properties.putAll(
        Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"));
    consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        topics.all().stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    consumer.seekToBeginning(consumer.assignment());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try {
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          add(record);
          seen.accept(record);
        }
      }
    } catch (WakeupException closed) {
      consumer.close();
    }
  }

  private synchronized void add(ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(topics.deadLetter())) {
      deadLetters.add(record);
    } else {
      ofBuild.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(record);
    }
  }

  /** All records of a build, in the order they were read. */
  synchronized List<ConsumerRecord<String, byte[]>> of(String build) {
    return List.copyOf(ofBuild.getOrDefault(build, List.of()));
  }

  /** The records of a build on one topic. */
  List<ConsumerRecord<String, byte[]>> of(String build, EventType type) {
    return of(build).stream().filter(each -> each.topic().equals(topics.of(type))).toList();
  }

  boolean isFinished(String build) {
    return !of(build, EventType.BUILD_FINISHED).isEmpty();
  }

  synchronized List<ConsumerRecord<String, byte[]>> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** All records but dead letters. */
  synchronized List<ConsumerRecord<String, byte[]>> all() {
    return ofBuild.values().stream().flatMap(List::stream).toList();
  }

  static String id(ConsumerRecord<String, byte[]> record) {
    return CloudEvents.header(record.headers(), "ce_id").orElse("");
  }

  /** A line about a record, for people. */
  String line(ConsumerRecord<String, byte[]> record) {
    String value = new String(record.value(), UTF_8);
    return "%s kafka %s/%d@%d %s %s"
        .formatted(
            Instant.ofEpochMilli(record.timestamp()),
            record.topic(),
            record.partition(),
            record.offset(),
            id(record),
            value.length() > 300 ? value.substring(0, 300) + "..." : value);
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      reader.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
