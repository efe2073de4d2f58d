package io.tarkiln.pipeline;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Threads that serve whoever waits in turn: work of one client runs in the order it came, and
 * clients take turns, so that one with much to do does not keep the others waiting.
 */
public final class FairExecutor implements AutoCloseable {
  private final Map<String, Queue<FutureTask<?>>> waiting = new LinkedHashMap<>();
  private final ExecutorService threads;

  /** So many threads, which do not keep the process alive. */
  public FairExecutor(String name, int size) {
    threads = DaemonThreads.pool(name, size);
  }

  /**
   * Has work done for a client; does not block.
   *
   * @return cancelling it interrupts the work
   */
  public Future<?> submit(String client, Runnable work) {
    FutureTask<Void> task = new FutureTask<>(work, null);
    synchronized (waiting) {
      waiting.computeIfAbsent(client, name -> new ArrayDeque<>()).add(task);
    }
    threads.execute(this::runNext);
    return task;
  }

  private void runNext() {
    FutureTask<?> task;
    synchronized (waiting) {
      String client = waiting.keySet().iterator().next();
      Queue<FutureTask<?>> queue = Objects.requireNonNull(waiting.remove(client));
      task = queue.remove();
      if (!queue.isEmpty()) {
        waiting.put(client, queue); // behind all others
      }
    }
    task.run();
  }

  /**
   * Takes no more work and waits for what is under way.
   *
   * @return whether all of it ended in time
   */
  public boolean awaitEnd(long seconds) throws InterruptedException {
    threads.shutdown();
    return threads.awaitTermination(seconds, TimeUnit.SECONDS);
  }

  /** Interrupts what is under way and forgets what waits. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
