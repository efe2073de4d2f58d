package io.tarkiln.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairExecutorTest {
  private final FairExecutor threads = new FairExecutor("fair", 1);
  private final List<String> done = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void clients_take_turns_and_each_keeps_its_order() throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    threads.submit("first", () -> await(begin));
    for (String work : List.of("shop-1", "shop-2", "shop-3", "bank-1", "bank-2", "mail-1")) {
      threads.submit(work.substring(0, 4), () -> done.add(work));
    }
    begin.countDown();

    assertThat(threads.awaitEnd(30)).isTrue();
    assertThat(done).containsExactly("shop-1", "bank-1", "mail-1", "shop-2", "bank-2", "shop-3");
  }

  @Test
  void cancelling_interrupts_the_work() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Future<?> work =
        threads.submit(
            "shop",
            () -> {
              begun.countDown();
              if (!await(new CountDownLatch(1))) {
                interrupted.countDown();
              }
            });
    begun.await();

    work.cancel(true);

    interrupted.await();
  }

  @Test
  void work_that_was_cancelled_before_its_turn_is_passed_over() throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    threads.submit("shop", () -> await(begin));
    threads.submit("shop", () -> done.add("cancelled")).cancel(true);
    threads.submit("shop", () -> done.add("last"));
    begin.countDown();

    assertThat(threads.awaitEnd(30)).isTrue();
    assertThat(done).containsExactly("last");
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException interrupted) {
      return false;
    }
  }
}
