package io.tarkiln.local;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the image tars of builds that ended some time ago: nobody reads them any more, and they
 * are nearly all that a build leaves in S3. On a cluster the bucket's lifecycle rules do it.
 */
final class ImageTarExpiry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageTarExpiry.class);
  private static final Duration PAUSE = Duration.ofHours(1);
  private static final String TAR = "/image.tar";

  private final ObjectStore store;
  private final Duration keep;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "image-tar-expiry");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Does nothing yet.
   *
   * @param store closed with this
   * @param keep how old a build must be
   */
  ImageTarExpiry(ObjectStore store, Duration keep) {
    this.store = store;
    this.keep = keep;
  }

  /** Looks now and every hour from now on. */
  ImageTarExpiry start() {
    clock.scheduleWithFixedDelay(this::look, 0, PAUSE.toSeconds(), TimeUnit.SECONDS);
    return this;
  }

  private void look() {
    try {
      int deleted = expire(Instant.now());
      if (deleted > 0) {
        LOG.info("image tars deleted count={} olderThan={}", deleted, keep);
      }
    } catch (UnavailableException | RuntimeException later) {
      LOG.warn("cannot delete old image tars, will try again message={}", later.getMessage());
    }
  }

  /** Deletes what is due and returns how many tars that were. */
  int expire(Instant now) throws UnavailableException {
    Set<String> keys = new LinkedHashSet<>(store.list(Keys.BUILDS));
    int deleted = 0;
    for (String key : keys) {
      if (key.endsWith(TAR) && isDue(key, now) && keys.contains(finished(key))) {
        store.delete(key);
        deleted++;
      }
    }
    return deleted;
  }

  private boolean isDue(String key, Instant now) {
    return build(key).start().isBefore(now.minus(keep));
  }

  private static String finished(String key) {
    return Keys.finished(build(key));
  }

  private static BuildId build(String key) {
    return BuildId.parse(key.substring(Keys.BUILDS.length()).split("/", 2)[0]);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    store.close();
  }
}
