package io.tarkiln.kaniko.argo.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.retry.ExponentialBackoff;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicLong now = new AtomicLong();
  private final WorkQueue queue =
      new WorkQueue(new ExponentialBackoff(SECOND, SECOND.multipliedBy(5)), now::get);

  @Test
  void hands_keys_out_in_their_order_and_each_once() {
    queue.add("a");
    queue.add("b");
    queue.add("a");

    assertThat(queue.poll()).contains("a");
    assertThat(queue.poll()).contains("b");
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void hands_a_key_to_one_worker_at_a_time() {
    queue.add("a");
    queue.poll();

    queue.add("a");

    assertThat(queue.poll()).isEmpty();
    queue.done("a");
    assertThat(queue.poll()).contains("a");
  }

  @Test
  void keeps_a_key_back_until_its_time_and_nobody_else() {
    queue.addAfter("a", SECOND);
    queue.add("b");

    assertThat(queue.poll()).contains("b");
    assertThat(queue.poll()).isEmpty();
    pass(SECOND);
    assertThat(queue.poll()).contains("a");
  }

  @Test
  void takes_the_earlier_of_two_times() {
    queue.addAfter("a", SECOND.multipliedBy(2));
    queue.addAfter("a", SECOND);
    queue.addAfter("a", SECOND.multipliedBy(3));

    pass(SECOND);

    assertThat(queue.poll()).contains("a");
    queue.done("a");
    pass(SECOND.multipliedBy(9));
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void waits_longer_after_each_failure_up_to_a_limit_and_anew_after_success() {
    assertThat(queue.retry("a")).isEqualTo(SECOND);
    assertThat(queue.retry("a")).isEqualTo(SECOND.multipliedBy(2));
    assertThat(queue.retry("a")).isEqualTo(SECOND.multipliedBy(4));
    assertThat(queue.retry("a")).isEqualTo(SECOND.multipliedBy(5));
    assertThat(queue.retry("b")).isEqualTo(SECOND);

    queue.forget("a");

    assertThat(queue.retry("a")).isEqualTo(SECOND);
  }

  @Test
  void an_endless_row_of_failures_waits_for_no_longer_than_the_limit() {
    ExponentialBackoff backoff = new ExponentialBackoff(SECOND, Duration.ofHours(1));

    assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void says_how_far_behind_the_workers_are() {
    queue.addAfter("a", SECOND);
    assertThat(queue.lag()).isZero();

    pass(SECOND.multipliedBy(3));

    assertThat(queue.lag()).isEqualTo(SECOND.multipliedBy(2));
    queue.poll();
    assertThat(queue.lag()).isZero();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
