package io.tarkiln.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.event.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Records that no service can read, as they go to the dead letter topic. */
public final class DeadLetters {
  public static final String REASON = "dead-letter-reason";
  public static final String TOPIC = "dead-letter-topic";
  public static final String PARTITION = "dead-letter-partition";
  public static final String OFFSET = "dead-letter-offset";

  /** There where the value is left out as too large: how many bytes it has. */
  public static final String LEFT_OUT = "dead-letter-value-left-out";

  private static final int SMALL_BYTES = 1024;
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  private DeadLetters() {}

  /** The same key, bytes and headers, with the reason and where the record came from. */
  public static ProducerRecord<String, byte[]> of(
      ConsumerRecord<String, byte[]> record, String reason, Topics topics) {
    RecordHeaders headers = new RecordHeaders(record.headers());
    origin(headers, record, reason);
    return new ProducerRecord<>(topics.deadLetter(), null, record.key(), record.value(), headers);
  }

  /**
   * The same of a record that is itself as large as the topic allows: without its value, and with
   * no more of its key and headers than is small. It says where the whole record is.
   */
  public static ProducerRecord<String, byte[]> withoutValue(
      ConsumerRecord<String, byte[]> record, String reason, Topics topics) {
    RecordHeaders headers = new RecordHeaders();
    int room = MAX_HEADER_BYTES;
    for (Header header : record.headers()) {
      int size = header.key().length() + (header.value() == null ? 0 : header.value().length);
      if (size <= SMALL_BYTES && size <= room) {
        headers.add(header);
        room -= size;
      }
    }
    origin(headers, record, reason);
    headers.add(
        LEFT_OUT, Integer.toString(Math.max(0, record.serializedValueSize())).getBytes(UTF_8));
    String key = record.key() == null || record.key().length() > SMALL_BYTES ? null : record.key();
    return new ProducerRecord<>(topics.deadLetter(), null, key, null, headers);
  }

  private static void origin(
      RecordHeaders headers, ConsumerRecord<String, byte[]> record, String reason) {
    headers.add(REASON, reason.getBytes(UTF_8));
    headers.add(TOPIC, record.topic().getBytes(UTF_8));
    headers.add(PARTITION, Integer.toString(record.partition()).getBytes(UTF_8));
    headers.add(OFFSET, Long.toString(record.offset()).getBytes(UTF_8));
  }
}
