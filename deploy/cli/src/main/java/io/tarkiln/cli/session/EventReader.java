package io.tarkiln.cli.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import io.tarkiln.event.json.UnreadableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/**
 * A reader of events from some moment on: brokers find the offsets by time, so nothing before is
 * read. Records that are no events are skipped.
 */
public final class EventReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private final KafkaConsumer<String, byte[]> consumer;
  private final CloudEvents cloudEvents;

  private EventReader(KafkaConsumer<String, byte[]> consumer, CloudEvents cloudEvents) {
    this.consumer = consumer;
    this.cloudEvents = cloudEvents;
  }

  /** What is done with each event; false when no more are wanted. */
  @FunctionalInterface
  public interface Handler {
    boolean handle(Event<?> event);
  }

  /** Stands before the first record of these topics that is not older than the moment. */
  public static EventReader since(KafkaAccess kafka, Instant moment, EventType... types)
      throws CliException {
    KafkaConsumer<String, byte[]> consumer = kafka.consumer(topics(kafka, types));
    seek(consumer, moment);
    return new EventReader(consumer, kafka.cloudEvents());
  }

  /**
   * Stands before the first records that can be of this build: its id holds the time, and its hash
   * is the partition. A request may be on any, for its publisher may choose partitions in its own
   * way.
   */
  public static EventReader ofBuild(KafkaAccess kafka, BuildId build, EventType... types)
      throws CliException {
    KafkaConsumer<String, byte[]> consumer = kafka.consumer(topics(kafka, types));
    String requests = kafka.topics().of(EventType.BUILD_REQUESTED);
    int hash = Utils.toPositive(Utils.murmur2(build.toString().getBytes(UTF_8)));
    Map<String, Long> counts =
        consumer.assignment().stream().collect(groupingBy(TopicPartition::topic, counting()));
    consumer.assign(
        consumer.assignment().stream()
            .filter(
                partition ->
                    partition.topic().equals(requests)
                        || partition.partition()
                            == hash % counts.getOrDefault(partition.topic(), 1L))
            .toList());
    seek(consumer, build.start().minus(CLOCK_SKEW));
    return new EventReader(consumer, kafka.cloudEvents());
  }

  /** The same on all partitions: where they have become more, the id leads to a wrong one. */
  public static EventReader ofOldBuild(KafkaAccess kafka, BuildId build, EventType... types)
      throws CliException {
    return since(kafka, build.start().minus(CLOCK_SKEW), types);
  }

  private static List<String> topics(KafkaAccess kafka, EventType... types) {
    return List.of(types).stream().map(kafka.topics()::of).toList();
  }

  /** Stands before the first record of each partition that is not older than the moment. */
  public static void seek(KafkaConsumer<String, byte[]> consumer, Instant moment) {
    Map<TopicPartition, Long> times = new HashMap<>();
    consumer.assignment().forEach(partition -> times.put(partition, moment.toEpochMilli()));
    // Ends first: a record that comes in between is found by its time then.
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
    for (TopicPartition partition : consumer.assignment()) {
      consumer.seek(
          partition,
          Optional.ofNullable(offsets.get(partition))
              .map(OffsetAndTimestamp::offset)
              .orElseGet(() -> ends.get(partition)));
    }
  }

  /**
   * Reads what is there now; stops early when the handler wants no more.
   *
   * @throws TimeoutException when nothing comes for half a minute, though more is there
   */
  public void readToEnd(Handler handler) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    long missing = missing(ends);
    Instant limit = Instant.now().plus(TIMEOUT);
    boolean more = true;
    while (more && missing > 0) {
      more = poll(handler);
      long now = missing(ends);
      if (now < missing) {
        limit = Instant.now().plus(TIMEOUT);
      } else if (Instant.now().isAfter(limit)) {
        throw new TimeoutException(
            "Kafka has sent nothing for %d s".formatted(TIMEOUT.toSeconds()));
      }
      missing = now;
    }
  }

  /** Offsets that are still to be read; not all of them need have a record. */
  private long missing(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .mapToLong(each -> Math.max(0, each.getValue() - consumer.position(each.getKey())))
        .sum();
  }

  /**
   * Reads on until the handler wants no more or the time is over.
   *
   * @return whether the handler wanted no more
   */
  public boolean follow(Instant end, Handler handler, Runnable idle) {
    while (Instant.now().isBefore(end)) {
      if (!poll(handler)) {
        return true;
      }
      idle.run();
    }
    return false;
  }

  private boolean poll(Handler handler) {
    boolean more = true;
    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
      Optional<Event<?>> event = event(record);
      if (event.isPresent()) {
        more &= handler.handle(event.get());
      }
    }
    return more;
  }

  private Optional<Event<?>> event(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(cloudEvents.decode(record));
    } catch (UnreadableException foreign) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
