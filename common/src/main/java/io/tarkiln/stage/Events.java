package io.tarkiln.stage;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.CloudEvents;
import io.tarkiln.event.DeadLetters;
import io.tarkiln.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Tells events.
 *
 * @param cloudEvents how they are written
 * @param sink where they go
 */
public record Events(CloudEvents cloudEvents, EventSink sink) {
  /** Tells one event; completes when the brokers have it. */
  public CompletionStage<Void> tell(Event<?> event) {
    return sink.send(cloudEvents.encode(event));
  }

  /** Tells events in their order and waits until the brokers have them all. */
  public void tellAll(List<Event<?>> events) throws UnavailableException {
    List<CompletionStage<Void>> sent = events.stream().map(this::tell).toList();
    try {
      sent.forEach(one -> one.toCompletableFuture().join());
    } catch (CompletionException failed) {
      throw new UnavailableException(
          "cannot send to Kafka: " + failed.getCause().getMessage(), failed.getCause());
    }
  }

  /**
   * Puts a record aside that cannot be read; without its value where that would be too large, for
   * nothing must wait behind it.
   */
  public CompletionStage<Void> deadLetter(ConsumerRecord<String, byte[]> record, String reason) {
    return sink.send(DeadLetters.of(record, reason, cloudEvents.topics()))
        .exceptionallyCompose(
            failure ->
                isTooLarge(failure)
                    ? sink.send(DeadLetters.withoutValue(record, reason, cloudEvents.topics()))
                    : CompletableFuture.failedStage(failure));
  }

  private static boolean isTooLarge(Throwable failure) {
    return failure instanceof RecordTooLargeException
        || failure.getCause() instanceof RecordTooLargeException;
  }
}
