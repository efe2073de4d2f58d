package io.tarkiln.pipeline;

import io.tarkiln.claim.Objection;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.json.UnreadableException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads records into events of one type; what cannot be read goes to the dead letters.
 *
 * @param stage who reads, for the log
 * @param retry how long it is tried to put a record aside: until it is
 */
record RecordReader<T extends EventData>(
    String stage, Class<T> dataClass, EventPublisher events, Retry retry) {
  private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);

  /**
   * Has the event of a record handled.
   *
   * @return completes when the event is handled, or the record is among the dead letters
   */
  CompletionStage<Void> read(
      ConsumerRecord<String, byte[]> record, Function<Event<T>, CompletionStage<Void>> handler) {
    Event<T> event;
    try {
      event = events.cloudEvents().decode(record, dataClass);
    } catch (UnreadableException unreadable) {
      LOG.warn(
          "unreadable stage={} topic={} partition={} offset={} reason={}",
          stage,
          record.topic(),
          record.partition(),
          record.offset(),
          unreadable.getMessage());
      return putAside(record, unreadable.getMessage());
    }
    return handler.apply(event);
  }

  /** Puts aside a record that was read and is not to be believed. */
  CompletionStage<Void> putAside(
      ConsumerRecord<String, byte[]> record, Event<T> event, Objection objection) {
    LOG.warn(
        "refused stage={} buildId={} topic={} partition={} offset={} reason={}",
        stage,
        event.build(),
        record.topic(),
        record.partition(),
        record.offset(),
        objection.reason());
    return putAside(record, objection.reason());
  }

  private CompletionStage<Void> putAside(ConsumerRecord<String, byte[]> record, String reason) {
    return retry.untilDone(
        stage, () -> events.deadLetter(record, reason).toCompletableFuture().join());
  }
}
