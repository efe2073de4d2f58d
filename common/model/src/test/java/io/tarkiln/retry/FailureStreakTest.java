package io.tarkiln.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailureStreakTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ExponentialBackoff BACKOFF =
      new ExponentialBackoff(SECOND, SECOND.multipliedBy(5));

  private Instant now = Instant.EPOCH;

  @Test
  void waits_longer_after_each_failure_and_gives_up_after_so_many() {
    FailureStreak failures = RetryPolicy.times(4, BACKOFF).begin(() -> now);

    assertThat(Stream.generate(failures::failed).limit(4))
        .containsExactly(
            Optional.of(SECOND),
            Optional.of(SECOND.multipliedBy(2)),
            Optional.of(SECOND.multipliedBy(4)),
            Optional.empty());
  }

  @Test
  void gives_up_where_the_next_attempt_would_begin_too_long_after_the_first_failure() {
    FailureStreak failures = RetryPolicy.during(SECOND.multipliedBy(10), BACKOFF).begin(() -> now);
    now = now.plusSeconds(3600);

    assertThat(failures.failed()).contains(SECOND);
    now = now.plusSeconds(8);
    assertThat(failures.failed()).contains(SECOND.multipliedBy(2));
    assertThat(failures.failed()).isEmpty();
  }

  @Test
  void counts_anew_after_progress() {
    FailureStreak failures = RetryPolicy.during(SECOND, BACKOFF).begin(() -> now);
    assertThat(failures.failed()).contains(SECOND);
    now = now.plusSeconds(3600);
    failures.succeeded();

    assertThat(failures.failed()).contains(SECOND);
    assertThat(failures.failed()).isEmpty();
  }

  @Test
  void goes_on_for_ever_where_it_must() {
    FailureStreak failures = RetryPolicy.always(BACKOFF).begin(() -> now);
    assertThat(failures.failed()).isPresent();
    now = Instant.MAX.minusSeconds(60);

    assertThat(failures.failed()).isPresent();
  }

  @Test
  void waits_as_long_as_it_is_asked_to_within_the_bound() {
    FailureStreak failures = RetryPolicy.times(9, BACKOFF).begin(() -> now);

    assertThat(failures.failed(Optional.of(Duration.ofSeconds(3)))).contains(Duration.ofSeconds(3));
    assertThat(failures.failed(Optional.of(Duration.ofHours(1)))).contains(Duration.ofSeconds(5));
  }

  @Test
  void pauses_between_attempts_and_not_after_the_last() throws Exception {
    FailureStreak failures = RetryPolicy.atOnce(2).begin();

    assertThat(failures.pause(Optional.empty())).isTrue();
    assertThat(failures.pause(Optional.empty())).isFalse();
  }

  @Test
  void refuses_a_policy_without_an_attempt() {
    assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.atOnce(0));
  }
}
