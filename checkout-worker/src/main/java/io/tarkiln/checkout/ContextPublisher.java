package io.tarkiln.checkout;

import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.checkout.archive.ArchiveRecorder;
import io.tarkiln.checkout.archive.ContextArchive;
import io.tarkiln.checkout.archive.GzipMembers;
import io.tarkiln.checkout.archive.PreviousArchive;
import io.tarkiln.git.cache.DiskCache;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.git.lfs.LfsContent;
import io.tarkiln.git.lfs.LfsFiles;
import io.tarkiln.git.lfs.LfsPaths;
import io.tarkiln.git.tree.CommitTree;
import io.tarkiln.git.tree.ContextListingWriter;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.git.tree.TreeWalk;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.ObjectId;

/** Brings build contexts into S3, each under the id of what is in it, unless it is there. */
record ContextPublisher(
    ObjectStore store,
    DiskCache disk,
    LfsFiles lfs,
    KeyedLock locks,
    GitSettings settings,
    Clock clock) {
  /** Of the cache, one archive takes no more than one part in so many. */
  private static final int CACHE_PARTS = 8;

  /**
   * Where a context is now.
   *
   * @param isNew whether its archive was not there before
   */
  record Stored(String key, boolean isNew) {}

  Stored store(String workload, CommitTree source, PrunedTree pruned)
      throws IOException, RejectedException, UnavailableException {
    GitSettings.Limits limits = settings.limits();
    LfsPaths inLfs = settings.lfs() ? LfsPaths.in(pruned, limits.sourceFiles()) : LfsPaths.NONE;
    String key = ObjectKeys.source(workload, inLfs.id(pruned.id()).name());
    if (isThere(key)) {
      return new Stored(key, false);
    }
    KeyedLock.Held held = locks.take(key);
    try {
      boolean isNew = !isFresh(key);
      boolean isListed = isFresh(ObjectKeys.sourceFiles(key));
      fetch(pruned, file -> isNew || !isListed && file.isLink());
      if (isNew) {
        make(key, source, pruned, inLfs);
      }
      if (!isListed) {
        list(key, pruned);
      }
      return new Stored(key, isNew);
    } finally {
      held.close();
    }
  }

  /**
   * Whether a source and the list of its files are there for as long as a build may need them. What
   * a lifecycle rule may take away soon is made to count as new.
   */
  boolean isThere(String key) throws UnavailableException {
    return isFresh(key) && isFresh(ObjectKeys.sourceFiles(key));
  }

  private boolean isFresh(String key) throws UnavailableException {
    Optional<Instant> written = store.written(key);
    if (written.isEmpty()) {
      return false;
    }
    Duration age = Duration.between(written.get(), clock.instant());
    return age.compareTo(settings.sourceLifetime().dividedBy(2)) < 0 || store.touch(key);
  }

  private void list(String key, PrunedTree pruned)
      throws IOException, RejectedException, UnavailableException {
    try (ObjectUpload upload = store.upload(ObjectKeys.sourceFiles(key))) {
      ContextListingWriter.write(pruned, settings.limits().sourceFiles(), upload);
      upload.complete();
    }
  }

  private void make(String key, CommitTree source, PrunedTree pruned, LfsPaths inLfs)
      throws IOException, RejectedException, UnavailableException {
    GitSettings.Limits limits = settings.limits();
    try (LfsContent content = LfsContent.of(lfs, pruned, inLfs, limits.sourceFiles());
        ObjectUpload upload = store.upload(key)) {
      write(source.address() + " " + pruned.context(), pruned, content, upload);
      upload.complete();
    }
  }

  /**
   * Makes an archive with the help of the one that was made of the same context before.
   *
   * @param context what tells it from others
   */
  private void write(String context, PrunedTree pruned, LfsContent content, OutputStream to)
      throws IOException, RejectedException, UnavailableException {
    String name = "archive-" + DiskCache.name(context);
    Path place = disk.acquire(name);
    try (PreviousArchive before = PreviousArchive.in(place);
        ArchiveRecorder keeper = ArchiveRecorder.in(place, settings.cacheBytes() / CACHE_PARTS)) {
      ContextArchive.write(
          pruned, settings.limits(), content.replaced(), new GzipMembers(to, before, keeper));
      keeper.complete();
    } finally {
      disk.release(name);
    }
  }

  private void fetch(PrunedTree pruned, Predicate<CommitTree.Found> wanted)
      throws IOException, RejectedException, UnavailableException {
    Map<CommitTree, List<ObjectId>> files = new IdentityHashMap<>();
    TreeWalk.through(
        pruned,
        settings.limits().sourceFiles(),
        (path, file) -> {
          if (wanted.test(file)) {
            files.computeIfAbsent(file.in(), tree -> new ArrayList<>()).add(file.id());
          }
        });
    for (Map.Entry<CommitTree, List<ObjectId>> each : files.entrySet()) {
      each.getKey().files().fetch(each.getValue());
    }
  }
}
