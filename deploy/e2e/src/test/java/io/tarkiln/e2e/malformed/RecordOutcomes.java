package io.tarkiln.e2e.malformed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.cloudevents.DeadLetters;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What became of bad records, as a plain consumer of the last two topics sees it. */
final class RecordOutcomes implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final Map<Integer, List<Ending>> endings = new HashMap<>();

  /** How a record ended. */
  sealed interface Ending {
    /** Why, for people. */
    String reason();
  }

  /**
   * Among the dead letters.
   *
   * @param leftOut how many bytes its value has, as it says where that is left out, or empty
   * @param hash of the value
   * @param headers of the record itself
   */
  record PutAside(String reason, String leftOut, int hash, List<SentRecord.Kept> headers)
      implements Ending {}

  /** Its build ended. */
  record Ended(String outcome, String code, String reason) implements Ending {}

  /** Reads what comes from now on. */
  RecordOutcomes(String bootstrapServers, Topics topics) {
    this.topics = topics;
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        List.of(topics.deadLetter(), topics.of(EventType.BUILD_FINISHED)).stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    consumer.seekToEnd(consumer.assignment());
    consumer.assignment().forEach(consumer::position);
  }

  /**
   * Reads a little.
   *
   * @param numberOf the record that stood at a place, or whose build has an id
   */
  void poll(Function<String, Optional<Integer>> numberOf) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      boolean isLetter = record.topic().equals(topics.deadLetter());
      if (!isLetter && isForged(record)) {
        continue;
      }
      Optional<Integer> number =
          numberOf.apply(isLetter ? origin(record) : new String(record.key(), UTF_8));
      number.ifPresent(
          known ->
              endings
                  .computeIfAbsent(known, first -> new ArrayList<>())
                  .add(isLetter ? putAside(record) : ended(record)));
    }
  }

  /** The endings of each record by its number. */
  Map<Integer, List<Ending>> all() {
    return endings;
  }

  /** Where a record stood. */
  static String place(String topic, Object partition, Object offset) {
    return topic + "/" + partition + "/" + offset;
  }

  /** Whether no service published it: there are bad records on that topic, too. */
  private static boolean isForged(ConsumerRecord<byte[], byte[]> finished) {
    return CloudEvents.header(finished.headers(), "ce_source")
        .filter(source -> source.startsWith("/tarkiln/"))
        .isEmpty();
  }

  private static String origin(ConsumerRecord<byte[], byte[]> letter) {
    return place(
        CloudEvents.header(letter.headers(), DeadLetters.TOPIC).orElse(""),
        CloudEvents.header(letter.headers(), DeadLetters.PARTITION).orElse(""),
        CloudEvents.header(letter.headers(), DeadLetters.OFFSET).orElse(""));
  }

  private static PutAside putAside(ConsumerRecord<byte[], byte[]> record) {
    return new PutAside(
        CloudEvents.header(record.headers(), DeadLetters.REASON).orElse(""),
        CloudEvents.header(record.headers(), DeadLetters.LEFT_OUT).orElse(""),
        Arrays.hashCode(record.value()),
        SentRecord.Kept.of(record.headers()));
  }

  private static Ended ended(ConsumerRecord<byte[], byte[]> record) {
    try {
      JsonNode data = JSON.readTree(record.value());
      return new Ended(
          data.path("outcome").asText(),
          data.path("reason").asText(),
          data.path("message").asText());
    } catch (IOException broken) {
      throw new AssertionError("a build-finished that is not JSON", broken);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
