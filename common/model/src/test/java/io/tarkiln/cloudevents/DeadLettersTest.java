package io.tarkiln.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.Reason;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Topics;
import io.tarkiln.event.json.Json;
import io.tarkiln.event.json.UnreadableException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final Topics TOPICS = new Topics("tarkiln.");

  private static ConsumerRecord<String, byte[]> record(String key, RecordHeaders headers) {
    return new ConsumerRecord<>(
        "tarkiln.build-requested",
        3,
        17,
        0,
        TimestampType.CREATE_TIME,
        key.length(),
        1_000_000,
        key,
        new byte[1_000_000],
        headers,
        Optional.empty());
  }

  private static Optional<String> header(ProducerRecord<String, byte[]> letter, String name) {
    return CloudEvents.header(letter.headers(), name);
  }

  @Test
  void a_letter_without_its_value_says_where_the_whole_record_is() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", "a-build/build-requested".getBytes(UTF_8));
    headers.add("ce_type", new byte[700_000]);

    ProducerRecord<String, byte[]> letter =
        DeadLetters.withoutValue(record("a-build", headers), "too much", TOPICS);

    assertThat(letter.topic()).isEqualTo("tarkiln.dead-letter");
    assertThat(letter.key()).isEqualTo("a-build");
    assertThat(letter.value()).isNull();
    assertThat(header(letter, "ce_id")).contains("a-build/build-requested");
    assertThat(header(letter, "ce_type")).isEmpty();
    assertThat(header(letter, DeadLetters.REASON)).contains("too much");
    assertThat(header(letter, DeadLetters.TOPIC)).contains("tarkiln.build-requested");
    assertThat(header(letter, DeadLetters.PARTITION)).contains("3");
    assertThat(header(letter, DeadLetters.OFFSET)).contains("17");
    assertThat(header(letter, DeadLetters.LEFT_OUT)).contains("1000000");
  }

  @Test
  void many_headers_and_a_long_key_do_not_make_it_large_either() {
    RecordHeaders headers = new RecordHeaders();
    for (int i = 0; i < 1000; i++) {
      headers.add("x-" + i, new byte[1000]);
    }

    ProducerRecord<String, byte[]> letter =
        DeadLetters.withoutValue(record("k".repeat(500_000), headers), "too much", TOPICS);

    assertThat(letter.key()).isNull();
    assertThat(letter.headers().toArray()).hasSizeLessThan(30);
  }

  @Test
  void a_reason_is_one_line_of_bounded_length_whatever_it_quotes() {
    UnreadableException unreadable =
        new UnreadableException("no\nbuildId=forged \u001b[2J " + "x".repeat(700_000));

    assertThat(unreadable.getMessage())
        .startsWith("no?buildId=forged ?[2J xxx")
        .hasSizeLessThan(1100);
  }

  @Test
  void an_outcome_is_small_whatever_was_asked_for() {
    String large = "w".repeat(500_000);

    BuildFinished outcome =
        BuildFinished.failed(
            large,
            large,
            "checkout-worker",
            Optional.empty(),
            Reason.BAD_REQUEST,
            large,
            List.of());

    assertThat(Json.bytes(outcome)).hasSizeLessThan(10_000);
  }
}
