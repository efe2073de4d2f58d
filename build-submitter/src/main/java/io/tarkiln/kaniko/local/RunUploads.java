package io.tarkiln.kaniko.local;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.launch.StopSignal;
import io.tarkiln.retry.ExponentialBackoff;
import io.tarkiln.retry.FailureStreak;
import io.tarkiln.retry.RetryPolicy;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Brings a run's files into S3, as streams. An object appears when it is complete.
 *
 * @param patience for how long an upload is tried again: what took an hour to build is not given up
 *     for a store that is away for a minute
 */
record RunUploads(ObjectStore store, Duration patience) {
  private static final ExponentialBackoff BACKOFF =
      new ExponentialBackoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private interface Attempt {
    long send() throws UnavailableException;
  }

  /** Uploads until it succeeds, patience ends or the run is stopped; returns the size in bytes. */
  long persistently(Path file, String key, StopSignal stop)
      throws UnavailableException, InterruptedException {
    return persistently(stop, () -> once(file, key));
  }

  /** Likewise, unless an object is there; returns the size of the one that is there then. */
  long persistentlyFirst(Path file, String key, StopSignal stop)
      throws UnavailableException, InterruptedException {
    return persistently(stop, () -> first(file, key));
  }

  private long persistently(StopSignal stop, Attempt attempt)
      throws UnavailableException, InterruptedException {
    FailureStreak failures = RetryPolicy.during(patience, BACKOFF).begin();
    while (true) {
      try {
        return attempt.send();
      } catch (UnavailableException failed) {
        Optional<Duration> wait = failures.failed();
        if (wait.isEmpty() || stop.await(wait.get())) {
          throw failed;
        }
      }
    }
  }

  /** Uploads a file; a symlink is not followed. */
  long once(Path file, String key) throws UnavailableException {
    try (ObjectUpload upload = written(file, key)) {
      upload.complete();
      return upload.size();
    } catch (IOException failed) {
      throw failed(key, failed);
    }
  }

  private long first(Path file, String key) throws UnavailableException {
    try (ObjectUpload upload = written(file, key)) {
      if (upload.completeOnce()) {
        return upload.size();
      }
    } catch (IOException failed) {
      throw failed(key, failed);
    }
    return store
        .size(key)
        .orElseThrow(
            () -> new UnavailableException("another writes %s at the same time".formatted(key)));
  }

  /** A pipe would never end, and a device or symlink lead elsewhere. */
  private ObjectUpload written(Path file, String key) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is no regular file");
    }
    ObjectUpload upload = store.upload(key);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      in.transferTo(upload);
      return upload;
    } catch (IOException failed) {
      upload.close();
      throw failed;
    }
  }

  private static UnavailableException failed(String key, IOException cause) {
    return new UnavailableException("cannot bring %s to S3".formatted(key), cause);
  }
}
