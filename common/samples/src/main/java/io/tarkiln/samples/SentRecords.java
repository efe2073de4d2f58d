package io.tarkiln.samples;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records in the place of Kafka: a sink that takes all and keeps them in their order. */
public final class SentRecords extends CopyOnWriteArrayList<ProducerRecord<String, byte[]>> {
  /** Takes a record. */
  public CompletableFuture<Void> send(ProducerRecord<String, byte[]> sent) {
    add(sent);
    return CompletableFuture.completedFuture(null);
  }

  /** A record as its consumer gets it. */
  public static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
    return received(sent, 0, sent.value());
  }

  /** The same from another place of its partition and with another value. */
  public static ConsumerRecord<String, byte[]> received(
      ProducerRecord<String, byte[]> sent, long offset, byte[] value) {
    return new ConsumerRecord<>(
        sent.topic(),
        0,
        offset,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        sent.key(),
        value,
        new RecordHeaders(sent.headers()),
        Optional.empty());
  }
}
