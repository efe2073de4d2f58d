package io.tarkiln.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A plain Kafka consumer that reads topics from their beginning, as any user's would. */
public final class Watcher implements AutoCloseable {
  private final KafkaConsumer<String, String> consumer;
  private final List<ConsumerRecord<String, String>> seen = new ArrayList<>();

  /** Stands before the first record of every topic. */
  public Watcher(String bootstrapServers, List<String> topics) {
    Properties properties = new Properties();
    properties.putAll(
        Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"));
    consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    consumer.assign(
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    consumer.seekToBeginning(consumer.assignment());
  }

  /** Reads on until a record matches; keeps all it reads. */
  public ConsumerRecord<String, String> await(
      Predicate<ConsumerRecord<String, String>> wanted, Duration limit) {
    Instant end = Instant.now().plus(limit);
    while (Instant.now().isBefore(end)) {
      for (ConsumerRecord<String, String> record : seen) {
        if (wanted.test(record)) {
          return record;
        }
      }
      consumer.poll(Duration.ofMillis(200)).forEach(seen::add);
    }
    throw new AssertionError(
        "no such record within %s; seen: %s"
            .formatted(limit, seen.stream().map(r -> r.topic() + " " + r.value()).toList()));
  }

  /** Reads on until there is a record of this topic and key. */
  public ConsumerRecord<String, String> await(String topic, Object key, Duration limit) {
    return await(
        record -> record.topic().equals(topic) && key.toString().equals(record.key()), limit);
  }

  /** All records of a topic and key so far, after reading to its end. */
  public List<ConsumerRecord<String, String>> all(String topic, String key) {
    return all(topic).stream().filter(record -> key.equals(record.key())).toList();
  }

  /** All records of a topic so far, after reading to its end. */
  public List<ConsumerRecord<String, String>> all(String topic) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(Duration.ofMillis(200)).forEach(seen::add);
    }
    return seen.stream().filter(record -> record.topic().equals(topic)).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
