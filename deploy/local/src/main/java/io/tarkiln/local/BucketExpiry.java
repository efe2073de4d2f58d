package io.tarkiln.local;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.thread.DaemonThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what builds have left in S3 some time ago: image tars early, since they are nearly all of
 * it, contexts and the record of builds late. On a cluster the bucket's lifecycle rules do it.
 */
final class BucketExpiry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BucketExpiry.class);
  private static final Duration PAUSE = Duration.ofHours(1);
  private static final String TAR = "/image.tar";

  /** What checkout-worker must know, which renews a source in the second half of this time. */
  static final Duration KEEP_SOURCES = Duration.ofDays(7);

  /** Far longer than topics keep the events that lead back to it. */
  private static final Duration KEEP_RECORDS = Duration.ofDays(30);

  private final ObjectStore store;
  private final Duration keep;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("bucket-expiry"));

  /**
   * Does nothing yet.
   *
   * @param store closed with this
   * @param keep how old a build must be whose tars are deleted
   */
  BucketExpiry(ObjectStore store, Duration keep) {
    this.store = store;
    this.keep = keep;
  }

  /** Looks now and every hour from now on. */
  BucketExpiry start() {
    clock.scheduleWithFixedDelay(this::look, 0, PAUSE.toSeconds(), TimeUnit.SECONDS);
    return this;
  }

  private void look() {
    try {
      int deleted = expire(Instant.now());
      if (deleted > 0) {
        LOG.info("old objects deleted count={} tarsKeptFor={}", deleted, keep);
      }
    } catch (UnavailableException | RuntimeException later) {
      LOG.warn("cannot delete old objects, will try again message={}", later.getMessage());
    }
  }

  /** Deletes what is due and returns how many objects that were. */
  int expire(Instant now) throws UnavailableException {
    return expireTars(now)
        + expire(ObjectKeys.SOURCES, now.minus(KEEP_SOURCES))
        + expire(ObjectKeys.BUILDS, now.minus(KEEP_RECORDS))
        + expire(ObjectKeys.CONCURRENCY, now.minus(KEEP_RECORDS));
  }

  private int expireTars(Instant now) throws UnavailableException {
    Set<String> keys = new LinkedHashSet<>(store.list(ObjectKeys.BUILDS));
    int deleted = 0;
    for (String key : keys) {
      if (key.endsWith(TAR) && isDue(key, now) && keys.contains(finished(key))) {
        store.delete(key);
        deleted++;
      }
    }
    return deleted;
  }

  /** Deletes what was last written before. Who builds from a source renews it. */
  private int expire(String prefix, Instant before) throws UnavailableException {
    int deleted = 0;
    for (Map.Entry<String, Instant> each : store.writtenBelow(prefix).entrySet()) {
      if (each.getValue().isBefore(before)) {
        store.delete(each.getKey());
        deleted++;
      }
    }
    return deleted;
  }

  private boolean isDue(String key, Instant now) {
    return build(key).start().isBefore(now.minus(keep));
  }

  private static String finished(String key) {
    return ObjectKeys.finished(build(key));
  }

  private static BuildId build(String key) {
    return BuildId.parse(key.substring(ObjectKeys.BUILDS.length()).split("/", 2)[0]);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    store.close();
  }
}
