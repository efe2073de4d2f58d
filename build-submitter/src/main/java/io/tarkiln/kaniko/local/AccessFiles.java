package io.tarkiln.kaniko.local;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.access.RunAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files by which Kaniko uses registries, in a folder of the run that it sees; written anew
 * before they expire, until they are closed.
 */
final class AccessFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessFiles.class);

  /** After which a renewal that failed is tried again. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final EngineContext context;
  private final KanikoRun run;
  private final Path folder;
  private final RunAccess first;
  private final Instant firstAt;
  private Optional<Future<?>> renewal = Optional.empty();
  private boolean closed;

  private AccessFiles(
      EngineContext context, KanikoRun run, Path folder, RunAccess first, Instant firstAt) {
    this.context = context;
    this.run = run;
    this.folder = folder;
    this.first = first;
    this.firstAt = firstAt;
  }

  /** Asks for the run's access and writes it into the folder. */
  static AccessFiles write(EngineContext context, KanikoRun run, Path folder)
      throws RejectedException, UnavailableException {
    Instant asked = Instant.now();
    AccessFiles files = new AccessFiles(context, run, folder, context.access().issue(run), asked);
    try {
      files.write(files.first);
    } catch (IOException failed) {
      throw new UnavailableException("cannot write into " + folder, failed);
    }
    files.renewLater(files.first.renewAfter());
    return files;
  }

  /** What the run may do as it begins. */
  RunAccess access() {
    return first;
  }

  /** When that was asked for. */
  Instant since() {
    return firstAt;
  }

  private synchronized void renewLater(Optional<Duration> after) {
    if (!closed && after.isPresent()) {
      renewal =
          Optional.of(
              context
                  .background()
                  .schedule(this::renew, after.get().toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void renew() {
    Optional<Duration> next = Optional.of(AGAIN);
    try {
      RunAccess access = context.access().issue(run);
      write(access);
      next = access.renewAfter();
    } catch (RejectedException | UnavailableException | IOException failed) {
      LOG.warn(
          "registry access not renewed buildId={} service={} message={}",
          run.build(),
          run.service(),
          failed.getMessage());
    } catch (RuntimeException defect) {
      LOG.error(
          "registry access not renewed buildId={} service={}", run.build(), run.service(), defect);
    }
    renewLater(next);
  }

  /** Kaniko may read a file at any time, and finds the whole of one or the other. */
  private synchronized void write(RunAccess access) throws IOException {
    if (closed) {
      return;
    }
    for (Map.Entry<String, String> each : access.files().entrySet()) {
      Path fresh = Files.writeString(folder.resolve("." + each.getKey()), each.getValue());
      Files.move(
          fresh,
          folder.resolve(each.getKey()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    renewal.ifPresent(waiting -> waiting.cancel(false));
  }
}
