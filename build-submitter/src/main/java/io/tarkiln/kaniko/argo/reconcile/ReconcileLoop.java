package io.tarkiln.kaniko.argo.reconcile;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.thread.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers of a queue: each takes a key, has it reconciled, and goes on whatever came of it. */
public final class ReconcileLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);

  /** Most that a worker may take to leave what it is at. */
  private static final long MAX_END_SECONDS = 5;

  private final WorkQueue queue;
  private final Reconciler reconciler;
  private final ExecutorService workers;
  private final int size;

  /** Workers that do nothing yet, so many threads of this name. */
  public ReconcileLoop(String name, int size, WorkQueue queue, Reconciler reconciler) {
    this.queue = queue;
    this.reconciler = reconciler;
    this.size = size;
    this.workers = Executors.newFixedThreadPool(size, DaemonThreads.named(name));
  }

  public void start() {
    for (int i = 0; i < size; i++) {
      workers.execute(this::work);
    }
  }

  private void work() {
    try {
      while (!workers.isShutdown()) {
        workOn(queue.take());
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void workOn(String key) throws InterruptedException {
    try {
      Result result = reconciler.reconcile(key);
      queue.forget(key);
      result.requeueAfter().ifPresent(wait -> queue.addAfter(key, wait));
    } catch (InterruptedException closing) {
      throw closing;
    } catch (Exception | Error failed) {
      retry(key, failed);
    } finally {
      queue.done(key);
    }
  }

  /** Nothing that goes wrong with one object may end the worker, be it a defect. */
  private void retry(String key, Throwable failed) {
    Duration wait = queue.retry(key);
    if (workers.isShutdown()) {
      LOG.debug("closed", failed);
    } else if (failed instanceof UnavailableException
        || failed instanceof IOException
        || failed instanceof UncheckedIOException) {
      LOG.warn("will be retried {} in={} cause={}", describe(key), wait, failed.toString());
    } else {
      LOG.error("defect, will be retried {} in={}", describe(key), wait, failed);
    }
  }

  private String describe(String key) {
    try {
      return reconciler.describe(key);
    } catch (RuntimeException odd) {
      return "key=" + key;
    }
  }

  /** Interrupts the workers, and waits for them for a moment. */
  @Override
  public void close() {
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(MAX_END_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a worker does not end: it waits for an answer");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
