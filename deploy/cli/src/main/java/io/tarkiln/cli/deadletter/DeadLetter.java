package io.tarkiln.cli.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cloudevents.DeadLetters;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record that no service could read.
 *
 * @param record as it lies in the dead letter topic
 */
record DeadLetter(ConsumerRecord<String, byte[]> record) {
  /** Names it: its place in the dead letter topic. */
  String id() {
    return record.partition() + "-" + record.offset();
  }

  Instant time() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  String reason() {
    return header(DeadLetters.REASON);
  }

  /** The topic that it came from. */
  String topic() {
    return header(DeadLetters.TOPIC);
  }

  /** Topic, partition and offset that it came from. */
  String origin() {
    return "%s/%s@%s".formatted(topic(), header(DeadLetters.PARTITION), header(DeadLetters.OFFSET));
  }

  private String header(String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, UTF_8))
        .orElse("");
  }
}
