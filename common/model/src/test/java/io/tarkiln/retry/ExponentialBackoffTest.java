package io.tarkiln.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExponentialBackoffTest {
  private final ExponentialBackoff backoff =
      new ExponentialBackoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  @Test
  void doubles_up_to_the_bound() {
    assertThat(IntStream.rangeClosed(1, 7).mapToObj(backoff::delay).map(Duration::toSeconds))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void jitter_is_a_fifth_at_most_and_never_beyond_the_bound() {
    for (int i = 0; i < 1000; i++) {
      assertThat(backoff.jittered().delay(3))
          .isBetween(Duration.ofMillis(3200), Duration.ofMillis(4800));
      assertThat(backoff.jittered().delay(6)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }
  }

  @Test
  void a_bound_below_the_first_delay_holds_from_the_first_on() {
    assertThat(new ExponentialBackoff(Duration.ofSeconds(9), Duration.ofSeconds(5)).delay(1))
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void a_negative_delay_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(Duration.ofSeconds(-1), Duration.ofSeconds(1)));
  }
}
