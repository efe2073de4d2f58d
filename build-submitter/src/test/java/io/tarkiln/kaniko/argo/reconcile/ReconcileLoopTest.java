package io.tarkiln.kaniko.argo.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.retry.ExponentialBackoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReconcileLoopTest {
  private static final Duration INSTANTLY = Duration.ofMillis(1);

  private final BlockingQueue<String> well = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
  private final WorkQueue queue = new WorkQueue(new ExponentialBackoff(INSTANTLY, INSTANTLY));

  /** Fails, as its key says, in one of the ways there are. */
  private final class Failing implements Reconciler {
    @Override
    public Result reconcile(String key) throws Exception {
      if (key.startsWith("well")) {
        well.add(key);
        return Result.DONE;
      }
      failed.add(key);
      switch (key) {
        case "unavailable" -> throw new UnavailableException("away");
        case "defect" -> throw new IllegalStateException("a defect");
        case "error" -> throw new StackOverflowError("as an Error");
        default -> {
          return Result.after(INSTANTLY);
        }
      }
    }

    @Override
    public String describe(String key) {
      throw new IllegalStateException("nor can it be described");
    }
  }

  @Test
  void goes_on_whatever_fails_and_tries_it_again() throws Exception {
    try (ReconcileLoop loop = new ReconcileLoop("loop", 1, queue, new Failing())) {
      loop.start();
      for (String key : List.of("unavailable", "defect", "error", "periodic")) {
        queue.add(key);
        for (String seen = ""; !seen.equals(key); ) {
          seen = next(failed);
        }
        queue.add("well after " + key);
        assertThat(next(well)).isEqualTo("well after " + key);
      }

      failed.clear();

      List<String> again =
          List.of(next(failed), next(failed), next(failed), next(failed), next(failed));
      assertThat(again).hasSize(5);
    }
  }

  private static String next(BlockingQueue<String> seen) throws InterruptedException {
    String key = seen.poll(1, TimeUnit.MINUTES);
    assertThat(key).isNotNull();
    return key;
  }
}
