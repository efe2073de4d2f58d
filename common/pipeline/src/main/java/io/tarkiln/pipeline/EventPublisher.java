package io.tarkiln.pipeline;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.cloudevents.DeadLetters;
import io.tarkiln.event.BuildLog;
import io.tarkiln.event.Event;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events to Kafka.
 *
 * @param cloudEvents how they are written
 * @param sink where they go
 */
public record EventPublisher(CloudEvents cloudEvents, EventSink sink) {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

  /** Publishes one event; completes when the brokers have it. */
  public CompletionStage<Void> publish(Event<?> event) {
    return sink.send(cloudEvents.encode(event));
  }

  /**
   * Says a line beside a build's log, to those who watch; waits for nothing, and that it could not
   * be published is no fault of the build.
   */
  public void say(Event<?> event, String stage, String service, String line) {
    publish(event.next(stage, BuildLog.beside(event.data().workload(), service, line)))
        .whenComplete(
            (published, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "not published buildId={} message={}", event.build(), failure.getMessage());
              }
            });
  }

  /** Publishes events in their order and waits until the brokers have them all. */
  public void publishAll(List<Event<?>> events) throws UnavailableException {
    List<CompletionStage<Void>> sent = events.stream().map(this::publish).toList();
    try {
      sent.forEach(one -> one.toCompletableFuture().join());
    } catch (CompletionException failed) {
      Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
      throw new UnavailableException("cannot send to Kafka: " + cause.getMessage(), cause);
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
