package io.tarkiln.imagepush;

import io.tarkiln.build.BuildException;
import io.tarkiln.build.FutureResults;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.imagetar.Blob;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Works on several blobs of an image at once.
 *
 * @param threads one for each worker
 * @param most workers of one image
 */
record BlobExecutor(Executor threads, int most) {
  /** What is done to a blob. */
  interface Work {
    void on(Blob blob) throws BuildException;
  }

  /** Does the work on all blobs, the largest first; at the first failure the others stop too. */
  void forEach(List<Blob> blobs, Work work) throws RejectedException, UnavailableException {
    Queue<Blob> queue =
        new ConcurrentLinkedQueue<>(
            blobs.stream().sorted(Comparator.comparingLong(Blob::size).reversed()).toList());
    CompletionService<Void> ended = new ExecutorCompletionService<>(threads);
    List<Future<Void>> workers =
        IntStream.range(0, Math.min(most, blobs.size()))
            .mapToObj(i -> ended.submit(() -> drain(queue, work)))
            .toList();
    try {
      for (int i = 0; i < workers.size(); i++) {
        FutureResults.of(ended.take());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", interrupted);
    } finally {
      queue.clear();
      workers.forEach(worker -> worker.cancel(true));
    }
  }

  private static Void drain(Queue<Blob> queue, Work work) throws BuildException {
    for (Blob blob = queue.poll(); blob != null; blob = queue.poll()) {
      work.on(blob);
    }
    return null;
  }
}
