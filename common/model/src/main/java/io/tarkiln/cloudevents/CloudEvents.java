package io.tarkiln.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.event.json.Json;
import io.tarkiln.event.json.UnreadableException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Events as Kafka records and back: CloudEvents 1.0 in Kafka's binary content mode, so attributes
 * are headers {@code ce_*} and the value is JSON (Kafka Protocol Binding for CloudEvents, section
 * 3.2). The record's key is the build id.
 */
public record CloudEvents(Topics topics) {
  /** Largest data we read, in bytes; Kafka's own default limit of a record is as large. */
  private static final int MAX_DATA = 1 << 20;

  private static final String SPEC_VERSION = "1.0";
  private static final String REBUILD_OF = "ce_rebuildof";
  private static final String TRACE_PARENT = "traceparent";

  /** The record of the event. */
  public ProducerRecord<String, byte[]> encode(Event<?> event) {
    RecordHeaders headers = new RecordHeaders();
    put(headers, "ce_specversion", SPEC_VERSION);
    put(headers, "ce_id", event.id());
    put(headers, "ce_source", "/tarkiln/" + event.source());
    put(headers, "ce_type", event.type().cloudEventsType());
    put(headers, "ce_time", event.time().toString());
    event.data().subject().ifPresent(subject -> put(headers, "ce_subject", subject));
    event.rebuildOf().ifPresent(old -> put(headers, REBUILD_OF, old.toString()));
    event.traceparent().ifPresent(parent -> put(headers, TRACE_PARENT, parent));
    put(headers, "content-type", "application/json");
    return new ProducerRecord<>(
        topics.of(event.type()), null, event.build().toString(), Json.bytes(event.data()), headers);
  }

  /**
   * Reads a record of whatever type it says it is.
   *
   * @throws UnreadableException when it is not a CloudEvent of a type and version that we know
   */
  public Event<?> decode(ConsumerRecord<String, byte[]> record) throws UnreadableException {
    Headers headers = record.headers();
    String version = required(headers, "ce_specversion");
    if (!version.equals(SPEC_VERSION)) {
      throw new UnreadableException(
          "CloudEvents version '%s' is not 1.0: set the header ce_specversion".formatted(version));
    }
    required(headers, "ce_source");
    String type = required(headers, "ce_type");
    EventType known =
        EventType.ofCloudEventsType(type)
            .orElseThrow(
                () -> new UnreadableException("'%s' is no event type of ours".formatted(type)));
    return event(record, known.dataClass());
  }

  /**
   * Reads a record that must be of the given type.
   *
   * @throws UnreadableException when it is not
   */
  @SuppressWarnings("unchecked") // the class of the data is checked just before the cast
  public <T extends EventData> Event<T> decode(
      ConsumerRecord<String, byte[]> record, Class<T> dataClass) throws UnreadableException {
    Event<?> event = decode(record);
    if (event.data().getClass() != dataClass) {
      throw new UnreadableException(
          "%s does not belong on this topic: expected %s"
              .formatted(
                  event.type().cloudEventsType(), EventType.of(dataClass).cloudEventsType()));
    }
    return (Event<T>) event;
  }

  private static <T extends EventData> Event<T> event(
      ConsumerRecord<String, byte[]> record, Class<T> dataClass) throws UnreadableException {
    Headers headers = record.headers();
    String id = required(headers, "ce_id");
    if (record.value() == null) {
      throw new UnreadableException("the record has no value");
    }
    if (record.value().length > MAX_DATA) {
      throw new UnreadableException(
          "the data is %d bytes, more than %d".formatted(record.value().length, MAX_DATA));
    }
    T data = Json.read(record.value(), dataClass);
    try {
      return new Event<>(
          BuildId.parse(record.key() == null ? id.split("/", 2)[0] : record.key()),
          header(headers, "ce_time")
              .map(CloudEvents::time)
              .orElseGet(() -> Instant.ofEpochMilli(record.timestamp())),
          source(required(headers, "ce_source")),
          header(headers, TRACE_PARENT).or(() -> header(headers, "ce_traceparent")),
          header(headers, REBUILD_OF).map(BuildId::parse),
          data);
    } catch (IllegalArgumentException broken) {
      throw new UnreadableException(
          broken.getMessage() + " (record key, else the begin of ce_id)", broken);
    }
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException broken) {
      throw new IllegalArgumentException("ce_time '" + text + "' is not RFC 3339", broken);
    }
  }

  private static String source(String uri) {
    return uri.startsWith("/tarkiln/") ? uri.substring("/tarkiln/".length()) : uri;
  }

  private static String required(Headers headers, String name) throws UnreadableException {
    return header(headers, name)
        .orElseThrow(
            () -> new UnreadableException("not a CloudEvent: header " + name + " is missing"));
  }

  /** The last header of the name, if there is one with a value. */
  public static Optional<String> header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null || header.value().length == 0
        ? Optional.empty()
        : Optional.of(new String(header.value(), UTF_8));
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
