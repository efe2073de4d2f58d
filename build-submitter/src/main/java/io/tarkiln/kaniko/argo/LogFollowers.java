package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.argo.api.ControllerContext;
import io.tarkiln.thread.DaemonThreads;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Begins to follow logs, each on a thread of its own. */
final class LogFollowers implements AutoCloseable {
  private static final long FLUSH_MILLIS = 500;

  private final ControllerContext context;
  private final ExecutorService readers =
      Executors.newCachedThreadPool(DaemonThreads.named("argo-log"));
  private final ScheduledExecutorService flusher =
      Executors.newScheduledThreadPool(1, DaemonThreads.named("argo-flush"));

  LogFollowers(ControllerContext context) {
    this.context = context;
  }

  /**
   * Follows the log of a run from its beginning on.
   *
   * @param onIdle runs when nothing more is read
   */
  LogFollower follow(String workflow, KanikoRun run, Runnable onIdle) throws IOException {
    LogFollower follower =
        new LogFollower(
            context, workflow, (first, lines) -> context.observer().log(run, first, lines));
    try {
      Future<?> flushes =
          flusher.scheduleWithFixedDelay(
              follower::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
      readers.execute(
          () -> {
            follower.follow();
            flushes.cancel(false);
            onIdle.run();
          });
      return follower;
    } catch (RuntimeException closing) {
      follower.close();
      throw closing;
    }
  }

  @Override
  public void close() {
    flusher.shutdownNow();
    readers.shutdownNow();
  }
}
