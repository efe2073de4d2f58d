package io.tarkiln.messaging;

import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.json.UnreadableException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a channel's records to what handles them. Records are settled in any order and acknowledged
 * then; the channel's throttled commit strategy keeps Kafka's offset below the first that is not.
 */
public final class RecordDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(RecordDispatcher.class);

  private final Function<ConsumerRecord<String, byte[]>, CompletionStage<Void>> handler;
  private final int mostInFlight;
  private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private int inFlight;

  /**
   * A dispatcher of nothing yet.
   *
   * @param handler completes when a record is settled; does not block
   * @param mostInFlight records that are handled at once
   */
  public RecordDispatcher(
      Function<ConsumerRecord<String, byte[]>, CompletionStage<Void>> handler, int mostInFlight) {
    this.handler = handler;
    this.mostInFlight = mostInFlight;
  }

  /**
   * Takes a message.
   *
   * @return completes when the channel may hand over the next one, which is long before this one is
   *     settled; that alone bounds how many are in work
   */
  public CompletionStage<Void> take(Message<byte[]> message) {
    ConsumerRecord<String, byte[]> record = record(message);
    CompletionStage<Void> admitted = admit();
    handler
        .apply(record)
        .handle((done, failure) -> failure == null ? message.ack() : message.nack(failure))
        .thenCompose(acknowledged -> acknowledged)
        .whenComplete((done, failure) -> release());
    return admitted;
  }

  /** Reads a message of a channel that only listens in; empty where it is no such event. */
  public static <T extends EventData> Optional<Event<T>> event(
      Message<byte[]> message, CloudEvents cloudEvents, Class<T> dataClass) {
    try {
      return Optional.of(cloudEvents.decode(record(message), dataClass));
    } catch (UnreadableException unreadable) {
      LOG.debug("passed over topic={}", record(message).topic(), unreadable);
      return Optional.empty();
    }
  }

  @SuppressWarnings("unchecked") // our channels read keys as strings and values as bytes
  private static ConsumerRecord<String, byte[]> record(Message<byte[]> message) {
    return message
        .getMetadata(IncomingKafkaRecordMetadata.class)
        .map(metadata -> (ConsumerRecord<String, byte[]>) metadata.getRecord())
        .orElseThrow(() -> new IllegalStateException("a message that is no Kafka record"));
  }

  private synchronized CompletionStage<Void> admit() {
    inFlight++;
    CompletableFuture<Void> next = new CompletableFuture<>();
    if (inFlight < mostInFlight) {
      next.complete(null);
    } else {
      waiting.add(next);
    }
    return next;
  }

  private void release() {
    CompletableFuture<Void> next;
    synchronized (this) {
      inFlight--;
      next = waiting.poll();
    }
    if (next != null) {
      next.complete(null);
    }
  }
}
