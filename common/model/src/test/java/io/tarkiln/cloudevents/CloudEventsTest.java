package io.tarkiln.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.EventSamples;
import io.tarkiln.event.Topics;
import io.tarkiln.event.json.UnreadableException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CloudEventsTest {
  private static final String MINIMAL =
      "{\"workload\":\"shop\",\"tag\":\"1\",\"source\":{\"repository\":\"https://x/y\"},\"services\":[{\"name\":\"api\"}]}";

  private final CloudEvents cloudEvents = new CloudEvents(new Topics("tarkiln."));

  static Stream<EventData> every_type() {
    return EventSamples.everyType().stream();
  }

  @ParameterizedTest
  @MethodSource("every_type")
  void reads_back_what_it_writes(EventData data) throws UnreadableException {
    Event<?> event = EventSamples.event(data);

    assertThat(cloudEvents.decode(received(cloudEvents.encode(event)))).isEqualTo(event);
  }

  @Test
  void names_facts_by_build_topic_and_service() {
    Map<String, String> ids = new LinkedHashMap<>();
    EventSamples.everyType()
        .forEach(
            data -> {
              Event<?> event = EventSamples.event(data);
              ids.put(
                  event.type().topic(), event.id().substring(event.build().toString().length()));
            });

    assertThat(ids)
        .containsEntry("build-requested", "/build-requested")
        .containsEntry("image-built", "/image-built/api")
        .containsEntry("build-log", "/build-log/api/1")
        .containsEntry("build-finished", "/build-finished");
  }

  @Test
  void keys_records_by_build_and_puts_attributes_into_headers() {
    Event<BuildRequested> event = EventSamples.event(EventSamples.buildRequested());

    ProducerRecord<String, byte[]> record = cloudEvents.encode(event);

    assertThat(record.topic()).isEqualTo("tarkiln.build-requested");
    assertThat(record.key()).isEqualTo(event.build().toString());
    assertThat(CloudEvents.header(record.headers(), "ce_specversion")).contains("1.0");
    assertThat(CloudEvents.header(record.headers(), "ce_type"))
        .contains("io.tarkiln.build.requested.v1");
    assertThat(CloudEvents.header(record.headers(), "ce_source")).contains("/tarkiln/cli");
  }

  @Test
  void fills_in_defaults_and_ignores_unknown_fields() throws UnreadableException {
    String json = MINIMAL.replace("{\"workload\"", "{\"later\":{\"x\":[1]},\"workload\"");

    BuildRequested data =
        cloudEvents.decode(record(BuildId.next(), json, h -> {}), BuildRequested.class).data();

    assertThat(data.cache()).isTrue();
    assertThat(data.mirror()).isTrue();
    assertThat(data.extraTags()).isEmpty();
    assertThat(data.source().revision()).isEqualTo("HEAD");
    assertThat(data.services().get(0).context()).isEqualTo(".");
    assertThat(data.services().get(0).dockerfile()).isEqualTo("Dockerfile");
    assertThat(data.services().get(0).target()).isEmpty();
  }

  @Test
  void takes_the_build_id_from_the_event_id_where_the_record_has_no_key()
      throws UnreadableException {
    BuildId build = BuildId.next();
    ConsumerRecord<String, byte[]> keyed = record(build, MINIMAL, h -> {});
    ConsumerRecord<String, byte[]> keyless =
        new ConsumerRecord<>(
            keyed.topic(),
            0,
            0,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            null,
            keyed.value(),
            keyed.headers(),
            Optional.empty());

    assertThat(cloudEvents.decode(keyless).build()).isEqualTo(build);
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        broken("no version", "ce_specversion is missing", h -> h.remove("ce_specversion")),
        broken("future version", "is not 1.0", h -> set(h, "ce_specversion", "2.0")),
        broken("no type", "ce_type is missing", h -> h.remove("ce_type")),
        broken("other type", "no event type", h -> set(h, "ce_type", "com.example.x.v1")),
        broken(
            "next version",
            "no event type",
            h -> set(h, "ce_type", "io.tarkiln.build.requested.v2")),
        broken(
            "wrong topic",
            "does not belong",
            h -> set(h, "ce_type", "io.tarkiln.build.finished.v1"),
            "{\"outcome\":\"failed\",\"stage\":\"x\"}"),
        broken("no id", "ce_id is missing", h -> h.remove("ce_id")),
        broken("no source", "ce_source is missing", h -> h.remove("ce_source")),
        broken("bad time", "RFC 3339", h -> set(h, "ce_time", "yesterday")),
        broken("not JSON", "not JSON", h -> {}, "<xml/>"),
        broken("cut JSON", "", h -> {}, MINIMAL.substring(0, 40)),
        broken("trailing text", "", h -> {}, MINIMAL + "{}"),
        broken(
            "a field twice",
            "Duplicate field 'tag'",
            h -> {},
            MINIMAL.replaceFirst("\\{", "{\"tag\":\"2\",")),
        broken(
            "an unknown field twice",
            "Duplicate field 'x'",
            h -> {},
            MINIMAL.replaceFirst("\\{", "{\"x\":{\"x\":1,\"x\":2},")),
        broken("null", "null", h -> {}, "null"),
        broken("array", "", h -> {}, "[]"),
        broken("no workload", "workload is missing", h -> {}, MINIMAL.replace("workload", "w")),
        broken("no services", "services", h -> {}, MINIMAL.replace("services", "s")),
        broken("wrong type", "", h -> {}, MINIMAL.replace("\"1\"", "{\"a\":1}")),
        broken("deep nesting", "", h -> {}, "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unreadable")
  void refuses_what_is_no_event_of_ours(
      String name, String reason, Consumer<RecordHeaders> change, String json) {
    ConsumerRecord<String, byte[]> record = record(BuildId.next(), json, change);

    assertThatThrownBy(() -> cloudEvents.decode(record, BuildRequested.class))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refuses_a_key_that_is_no_build_id() {
    ConsumerRecord<String, byte[]> good = record(BuildId.next(), MINIMAL, h -> {});
    ConsumerRecord<String, byte[]> bad =
        new ConsumerRecord<>(
            good.topic(),
            0,
            0,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            "../../x",
            good.value(),
            good.headers(),
            Optional.empty());

    assertThatThrownBy(() -> cloudEvents.decode(bad)).hasMessageContaining("UUIDv7");
  }

  @Test
  void puts_dead_letters_aside_with_bytes_headers_reason_and_origin() {
    ConsumerRecord<String, byte[]> bad = record(BuildId.next(), "<xml/>", h -> {});

    ProducerRecord<String, byte[]> letter = DeadLetters.of(bad, "not JSON", cloudEvents.topics());

    assertThat(letter.topic()).isEqualTo("tarkiln.dead-letter");
    assertThat(letter.value()).isEqualTo(bad.value());
    assertThat(letter.headers().toArray()).contains(bad.headers().toArray());
    assertThat(CloudEvents.header(letter.headers(), DeadLetters.REASON)).contains("not JSON");
    assertThat(CloudEvents.header(letter.headers(), DeadLetters.TOPIC)).contains(bad.topic());
    assertThat(CloudEvents.header(letter.headers(), DeadLetters.PARTITION)).contains("3");
    assertThat(CloudEvents.header(letter.headers(), DeadLetters.OFFSET)).contains("42");
  }

  private static Arguments broken(String name, String reason, Consumer<RecordHeaders> change) {
    return broken(name, reason, change, MINIMAL);
  }

  private static Arguments broken(
      String name, String reason, Consumer<RecordHeaders> change, String json) {
    return Arguments.of(name, reason, change, json);
  }

  private static void set(RecordHeaders headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(UTF_8));
  }

  private static ConsumerRecord<String, byte[]> record(
      BuildId build, String json, Consumer<RecordHeaders> change) {
    RecordHeaders headers = new RecordHeaders();
    set(headers, "ce_specversion", "1.0");
    set(headers, "ce_id", build + "/build-requested");
    set(headers, "ce_source", "/somewhere");
    set(headers, "ce_type", "io.tarkiln.build.requested.v1");
    change.accept(headers);
    return new ConsumerRecord<>(
        "tarkiln.build-requested",
        3,
        42,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        build.toString(),
        json.getBytes(UTF_8),
        headers,
        Optional.empty());
  }

  private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
    return new ConsumerRecord<>(
        sent.topic(),
        0,
        0,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        sent.key(),
        sent.value(),
        sent.headers(),
        Optional.empty());
  }
}
