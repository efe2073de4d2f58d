package io.tarkiln.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildIdTest {
  @Test
  void holds_its_start_to_the_millisecond() {
    Instant start = Instant.parse("2026-11-24T03:04:05.678Z");

    assertThat(BuildId.at(start).start()).isEqualTo(start);
  }

  @Test
  void is_version_7_of_variant_2() {
    UUID uuid = BuildId.next().uuid();

    assertThat(uuid.version()).isEqualTo(7);
    assertThat(uuid.variant()).isEqualTo(2);
  }

  @Test
  void reads_what_it_writes_in_either_case() {
    BuildId id = BuildId.next();

    assertThat(BuildId.parse(id.toString())).isEqualTo(id);
    assertThat(BuildId.parse(id.toString().toUpperCase(java.util.Locale.ROOT))).isEqualTo(id);
  }

  @Test
  void never_repeats_within_one_millisecond() {
    Instant start = Instant.now();
    Set<BuildId> ids = new HashSet<>();

    IntStream.range(0, 100_000).forEach(i -> ids.add(BuildId.at(start)));

    assertThat(ids).hasSize(100_000);
  }

  @Test
  void sorts_by_start() {
    BuildId early = BuildId.at(Instant.ofEpochMilli(1_000));
    BuildId late = BuildId.at(Instant.ofEpochMilli(2_000));

    assertThat(List.of(late, early).stream().sorted()).containsExactly(early, late);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "42",
        "not-a-uuid",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "0190a1b2-c3d4-7e5f-0a1b-2c3d4e5f6071",
        "1-1-7000-8000-1"
      })
  void refuses_what_is_no_version_7(String text) {
    assertThatThrownBy(() -> BuildId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("UUIDv7");
  }
}
