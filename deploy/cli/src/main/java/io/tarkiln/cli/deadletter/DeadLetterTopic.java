package io.tarkiln.cli.deadletter;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.EventReader;
import io.tarkiln.cli.session.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The topic of records that no service could read. */
record DeadLetterTopic(KafkaAccess kafka) {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Those that were put aside within this time, the oldest first. */
  List<DeadLetter> since(Duration time) throws CliException {
    List<DeadLetter> letters = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      EventReader.seek(consumer, Instant.now().minus(time));
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(POLL).forEach(record -> letters.add(new DeadLetter(record)));
      }
    }
    letters.sort(Comparator.comparing(DeadLetter::time).thenComparing(DeadLetter::id));
    return letters;
  }

  /**
   * The one at a place.
   *
   * @throws CliException when there is none
   */
  DeadLetter at(DeadLetterId id) throws CliException {
    TopicPartition partition = new TopicPartition(kafka.topics().deadLetter(), id.partition());
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      if (consumer.assignment().contains(partition)) {
        consumer.assign(List.of(partition));
        long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        if (begin <= id.offset() && id.offset() < end) {
          consumer.seek(partition, id.offset());
          return read(consumer, id);
        }
      }
    }
    throw new CliException(
        CliException.FAILED, "there is no dead letter %s: it may have expired".formatted(id));
  }

  private DeadLetter read(KafkaConsumer<String, byte[]> consumer, DeadLetterId id)
      throws CliException {
    Instant limit = Instant.now().plus(TIMEOUT);
    while (Instant.now().isBefore(limit)) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (record.offset() == id.offset()) {
          return new DeadLetter(record);
        }
      }
    }
    throw new CliException(
        CliException.UNREACHABLE,
        "Kafka did not answer within %d s".formatted(TIMEOUT.toSeconds()));
  }

  private KafkaConsumer<String, byte[]> consumer() throws CliException {
    return kafka.consumer(List.of(kafka.topics().deadLetter()));
  }
}
