package io.tarkiln.kaniko.argo;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.argo.api.PodApi.Pod;
import io.tarkiln.kaniko.argo.api.Workflow.Attempt;
import io.tarkiln.kaniko.output.LineReader;
import io.tarkiln.kaniko.output.LogTail;
import io.tarkiln.kaniko.output.RunLog;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * between. One thread follows; when the run has ended, another completes the log from what Argo put
 * aside of pods that are gone.
 */
final class RunFollower {
  private static final Logger LOG = LoggerFactory.getLogger(RunFollower.class);
  private static final long LOOK_MILLIS = 1000;

  private final ControllerContext place;
  private final String workflow;
  private final Path file;
  private final RunLog log;
  private final Map<String, String> podOfNode = new HashMap<>();
  private final Map<String, Long> linesRead = new HashMap<>();
  private final Set<String> complete = new HashSet<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch idle = new CountDownLatch(1);
  private volatile Optional<String> heldUp = Optional.empty();
  private Optional<InputStream> open = Optional.empty();
  private boolean closed;

  RunFollower(ControllerContext place, String workflow, RunLog.Batches batches) throws IOException {
    this.place = place;
    this.workflow = workflow;
    this.file = place.settings().logs().resolve(workflow + ".log");
    this.log = new RunLog(file, place.settings().logLimits(), batches);
  }

  /** Follows until the run ends. */
  void follow() {
    try {
      boolean last = false;
      while (!last) {
        // One more look after the end: what came last is there by then.
        last = ending.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        readPods();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      idle.countDown();
    }
  }

  /** Hands over lines that wait for their batch to fill. */
  void flush() {
    log.flush();
  }

  /** The run has ended: reads what is missing. Blocks, at most for a while. */
  void complete(List<Attempt> attempts, boolean followed)
      throws UnavailableException, InterruptedException {
    ending.countDown();
    if (!followed) {
      readPods();
    } else if (!idle.await(place.settings().lastLines().toMillis(), TimeUnit.MILLISECONDS)) {
      // A pod that is gone may leave its stream open.
      stopReading();
      idle.await();
    }
    for (Attempt attempt : attempts) {
      if (!complete.contains(attempt.node())) {
        readArchived(attempt);
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

  /** Brings the whole log to S3. */
  void store(String key) throws UnavailableException {
    log.flush();
    try (InputStream in = Files.newInputStream(file);
        ObjectUpload upload = place.store().upload(key)) {
      in.transferTo(upload);
      upload.complete();
    } catch (IOException failed) {
      throw new UnavailableException("cannot bring %s to S3".formatted(key), failed);
    }
  }

  /** Stops reading and forgets the log. */
  void close() {
    ending.countDown();
    stopReading();
    try {
      log.close();
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      LOG.warn("cannot remove the log of a run file={}", file, failed);
    }
  }

  private void readPods() {
    try {
      for (Pod pod : place.pods().of(workflow)) {
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
    Optional<InputStream> stream = place.pods().log(pod);
    if (stream.isEmpty() || !isReading(stream.get())) {
      return;
    }
    try (InputStream in = stream.get()) {
      read(pod.node(), in);
    } finally {
      isReading(null);
    }
    // A stream ends also when the API server or the kubelet restarts.
    boolean ended =
        place.pods().of(workflow).stream()
            .anyMatch(each -> each.uid().equals(pod.uid()) && each.ended());
    if (ended) {
      complete.add(pod.node());
    }
  }

  private void readArchived(Attempt attempt) throws UnavailableException {
    if (attempt.archivedLog().isPresent()) {
      String key = attempt.archivedLog().get();
      Optional<InputStream> archived = place.store().open(key);
      if (archived.isPresent()) {
        try (InputStream in = archived.get()) {
          read(attempt.node(), in);
          complete.add(attempt.node());
          return;
        } catch (IOException broken) {
          throw ObjectStore.broken(key, broken);
        }
      }
    }
    if (attempt.exitCode().isPresent()) {
      note("the rest of the log is lost: the pod was gone and Argo had not put its log aside");
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
          if (seen[0] > known) {
            log.add(line);
            linesRead.put(node, seen[0]);
          }
        });
  }

  private synchronized boolean isReading(InputStream stream) {
    open = Optional.ofNullable(stream);
    return !closed;
  }

  private void stopReading() {
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
