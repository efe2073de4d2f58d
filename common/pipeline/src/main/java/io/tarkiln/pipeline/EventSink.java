package io.tarkiln.pipeline;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where records go out. */
@FunctionalInterface
public interface EventSink {
  /** Sends a record; completes when the brokers have confirmed it, fails when they did not. */
  CompletionStage<Void> send(ProducerRecord<String, byte[]> record);
}
