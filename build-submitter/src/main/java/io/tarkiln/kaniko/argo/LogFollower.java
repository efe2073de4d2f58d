package io.tarkiln.kaniko.argo;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.argo.api.ControllerContext;
import io.tarkiln.kaniko.argo.api.PodApi.Pod;
import io.tarkiln.kaniko.argo.api.Workflow.Attempt;
import io.tarkiln.kaniko.output.LineReader;
import io.tarkiln.kaniko.output.LogTail;
import io.tarkiln.kaniko.output.RunLog;
import io.tarkiln.store.ObjectUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log of a run while it grows: of each pod from its beginning to its end, whatever breaks
 * between. One that has {@linkplain #failure failed} is of no more use: another begins anew.
 */
final class LogFollower {
  private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
  private static final long PERIOD_MILLIS = 1000;

  private final ControllerContext context;
  private final String workflow;
  private final Path file;
  private final RunLog log;
  private final Map<String, String> podOfNode = new HashMap<>();
  private final Map<String, Long> linesRead = new HashMap<>();
  private final Set<String> complete = new HashSet<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch idle = new CountDownLatch(1);
  private volatile Optional<String> heldUp = Optional.empty();
  private volatile Optional<Throwable> failure = Optional.empty();
  private volatile long quietSince = System.nanoTime();
  private Optional<InputStream> open = Optional.empty();
  private boolean closed;

  LogFollower(ControllerContext context, String workflow, RunLog.Batches batches)
      throws IOException {
    this.context = context;
    this.workflow = workflow;
    this.file = context.settings().logs().resolve(workflow + ".log");
    this.log = new RunLog(file, context.settings().logLimits(), batches);
  }

  /** Follows until the run ends. */
  void follow() {
    try {
      boolean last = false;
      while (!last) {
        // One more look after the end: what came last is there by then.
        last = ending.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        readPods();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error broken) {
      failure = Optional.of(broken);
    } finally {
      idle.countDown();
    }
  }

  /** Hands over lines that wait for their batch to fill. */
  void flush() {
    try {
      log.flush();
    } catch (RuntimeException broken) {
      failure = Optional.of(broken);
      stopReading();
    }
  }

  /** Why the log is not whole, nor will be. */
  Optional<Throwable> failure() {
    return failure;
  }

  /** The run has ended: has the follower look once more and be done. */
  void finish() {
    if (ending.getCount() > 0) {
      quietSince = System.nanoTime();
      ending.countDown();
    }
  }

  /** Whether nothing more is read. */
  boolean isIdle() {
    return idle.getCount() == 0;
  }

  /** For how long nothing has come, at most since the run ended. */
  Duration quietFor() {
    return Duration.ofNanos(System.nanoTime() - quietSince);
  }

  /** Notes what is missing, once the follower is idle: a pod may be gone before it was read. */
  void complete(List<Attempt> attempts) {
    for (Attempt attempt : attempts) {
      if (attempt.exitCode().isPresent() && complete.add(attempt.node())) {
        note("the rest of the log is lost: the pod was gone before it was read");
      }
    }
  }

  void note(String line) {
    log.note(line);
  }

  /** Why the newest pod had not begun when it was last seen, if it is not for Kaniko itself. */
  Optional<String> heldUp() {
    return heldUp;
  }

  LogTail tail() {
    return log.tail();
  }

  /** Brings the whole log to S3. Fails for good where the file on this machine is not whole. */
  void store(String key) throws UnavailableException {
    flush();
    if (failure.isPresent()) {
      throw new UnavailableException("cannot keep " + file, failure.get());
    }
    try (InputStream in = Files.newInputStream(file);
        ObjectUpload upload = context.store().upload(key)) {
      in.transferTo(upload);
      upload.complete();
    } catch (NoSuchFileException removed) {
      failure = Optional.of(removed);
      throw new UnavailableException("somebody removed " + file, removed);
    } catch (IOException failed) {
      throw new UnavailableException("cannot bring %s to S3".formatted(key), failed);
    }
  }

  /** Stops reading and forgets the log. */
  void close() {
    ending.countDown();
    stopReading();
    try (log) {
      // The space is free once the log is closed.
      Files.deleteIfExists(file);
    } catch (IOException | UncheckedIOException failed) {
      LOG.warn("cannot remove the log of a run file={}", file, failed);
    }
  }

  private void readPods() {
    try {
      for (Pod pod : context.pods().of(workflow)) {
        heldUp = pod.heldUp();
        if (!pod.uid().equals(podOfNode.put(pod.node(), pod.uid()))) {
          // The first of the node, or one in the place of a pod that was lost.
          linesRead.remove(pod.node());
          complete.remove(pod.node());
        }
        if (!complete.contains(pod.node())) {
          readPod(pod);
        }
      }
    } catch (UnavailableException | IOException later) {
      LOG.debug("log of {} will be read later", workflow, later);
    }
  }

  private void readPod(Pod pod) throws IOException, UnavailableException {
    Optional<InputStream> stream = context.pods().log(pod);
    if (stream.isEmpty()) {
      return;
    }
    try (InputStream in = stream.get()) {
      if (!isReading(Optional.of(in))) {
        return;
      }
      read(pod.node(), in);
    } finally {
      isReading(Optional.empty());
    }
    // A stream ends also when the API server or the kubelet restarts.
    boolean ended =
        context.pods().of(workflow).stream()
            .anyMatch(each -> each.uid().equals(pod.uid()) && each.ended());
    if (ended) {
      complete.add(pod.node());
    }
  }

  /** Adds the lines that were not read before. */
  private void read(String node, InputStream in) throws IOException {
    long known = linesRead.getOrDefault(node, 0L);
    long[] seen = {0};
    LineReader.read(
        in,
        line -> {
          seen[0]++;
          quietSince = System.nanoTime();
          if (seen[0] > known) {
            log.add(line);
            linesRead.put(node, seen[0]);
          }
        });
  }

  private synchronized boolean isReading(Optional<InputStream> stream) {
    open = stream;
    return !closed;
  }

  /** Lets go of a stream that a pod which is gone may have left open. */
  void stopReading() {
    Optional<InputStream> reading;
    synchronized (this) {
      closed = true;
      reading = open;
    }
    try {
      if (reading.isPresent()) {
        reading.get().close();
      }
    } catch (IOException alreadyClosed) {
      LOG.debug("closing the log stream of {}", workflow, alreadyClosed);
    }
  }
}
