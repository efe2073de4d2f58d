package io.tarkiln.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Records that no service can read, as they go to the dead letter topic. */
public final class DeadLetters {
  public static final String REASON = "dead-letter-reason";
  public static final String TOPIC = "dead-letter-topic";
  public static final String PARTITION = "dead-letter-partition";
  public static final String OFFSET = "dead-letter-offset";

  private DeadLetters() {}

  /** The same key, bytes and headers, with the reason and where the record came from. */
  public static ProducerRecord<String, byte[]> of(
      ConsumerRecord<String, byte[]> record, String reason, Topics topics) {
    RecordHeaders headers = new RecordHeaders(record.headers());
    headers.add(REASON, reason.getBytes(UTF_8));
    headers.add(TOPIC, record.topic().getBytes(UTF_8));
    headers.add(PARTITION, Integer.toString(record.partition()).getBytes(UTF_8));
    headers.add(OFFSET, Long.toString(record.offset()).getBytes(UTF_8));
    return new ProducerRecord<>(topics.deadLetter(), null, record.key(), record.value(), headers);
  }
}
