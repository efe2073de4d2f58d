package io.tarkiln.imagepush;

import io.tarkiln.build.FutureResults;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.registry.BlobChecker;
import io.tarkiln.registry.BlobMounter;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.MountResult;
import io.tarkiln.registry.RegistryConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Decides what becomes of an image's blobs: they are there, are mounted, or have to be sent.
 *
 * @param sources where blobs may be mounted from
 * @param threads ask several sources at once
 */
record BlobPlan(
    RegistryConnection registry, MountSources sources, BlobUploader uploader, Executor threads) {
  /**
   * What becomes of a blob.
   *
   * @param session where to send the blob if it has to be sent
   */
  record Decision(PushProgress.BlobResult result, Optional<URI> session) {}

  /** What becomes of a blob; the session is the caller's. */
  Decision decide(String digest) throws RejectedException, UnavailableException {
    return RegistryOutcomes.of(() -> new BlobChecker(registry).has(digest))
        ? new Decision(PushProgress.BlobResult.SKIPPED, Optional.empty())
        : missing(digest);
  }

  /** The likeliest source alone, for most often it will do; then all others together. */
  private Decision missing(String digest) throws RejectedException, UnavailableException {
    List<String> from = sources.likeliestFirst();
    int first = Math.min(1, from.size());
    Set<MountResult> mounts = new HashSet<>(mount(digest, from.subList(0, first)));
    if (!mounts.contains(new MountResult.Done())) {
      mounts.addAll(mount(digest, from.subList(first, from.size())));
    }
    List<URI> sessions = new ArrayList<>();
    for (MountResult mount : mounts) {
      if (mount instanceof MountResult.Session begun) {
        sessions.add(begun.uri());
      }
    }
    Decision decision =
        mounts.contains(new MountResult.Done())
            ? new Decision(PushProgress.BlobResult.MOUNTED, Optional.empty())
            : new Decision(
                PushProgress.BlobResult.SENT,
                Optional.of(
                    sessions.isEmpty()
                        ? RegistryOutcomes.of(uploader::begin)
                        : sessions.remove(0)));
    sessions.forEach(this::cancel);
    return decision;
  }

  private List<MountResult> mount(String digest, List<String> from)
      throws RejectedException, UnavailableException {
    List<FutureTask<MountResult>> tasks =
        from.stream().map(each -> new FutureTask<>(() -> mount(digest, each))).toList();
    tasks.stream().skip(1).forEach(threads::execute);
    tasks.stream().limit(1).forEach(FutureTask::run);
    List<MountResult> mounts = new ArrayList<>();
    for (FutureTask<MountResult> task : tasks) {
      mounts.add(FutureResults.of(task));
    }
    return mounts;
  }

  private MountResult mount(String digest, String from)
      throws RejectedException, UnavailableException {
    MountResult mount = RegistryOutcomes.of(() -> new BlobMounter(registry).mount(digest, from));
    if (mount instanceof MountResult.Done) {
      sources.had(from);
    } else if (mount instanceof MountResult.Refused) {
      sources.refused(from);
    }
    return mount;
  }

  private void cancel(URI session) {
    threads.execute(() -> uploader.cancel(session));
  }
}
