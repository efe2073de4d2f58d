package io.tarkiln.messaging;

import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.tarkiln.pipeline.EventSink;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Sends records through the one outgoing channel, each to the topic it names. */
@ApplicationScoped
public class KafkaEventSink implements EventSink {
  private final Emitter<byte[]> out;

  KafkaEventSink(
      @Channel("events-out") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          Emitter<byte[]> out) {
    this.out = out;
  }

  @Override
  public CompletionStage<Void> send(ProducerRecord<String, byte[]> record) {
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    OutgoingKafkaRecordMetadata<String> metadata =
        OutgoingKafkaRecordMetadata.<String>builder()
            .withTopic(record.topic())
            .withKey(record.key())
            .withHeaders(record.headers())
            .build();
    out.send(
        Message.of(
            record.value(),
            Metadata.of(metadata),
            () -> {
              confirmed.complete(null);
              return CompletableFuture.completedFuture(null);
            },
            failure -> {
              confirmed.completeExceptionally(failure);
              return CompletableFuture.completedFuture(null);
            }));
    return confirmed;
  }
}
