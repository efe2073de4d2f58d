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
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Decides what becomes of an image's blobs: they are there, are mounted, or have to be sent. That
 * takes their digests and nothing else, so it can begin before the tar has been read.
 */
final class BlobPlan implements AutoCloseable {
  private final RegistryConnection registry;
  private final MountSources sources;
  private final BlobUploader uploader;
  private final Executor threads;
  private final int atOnce;
  private final FutureTask<Void> login;
  private final Map<String, FutureTask<Decision>> decisions = new ConcurrentHashMap<>();
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  /**
   * What becomes of a blob.
   *
   * @param session where to send the blob if it has to be sent
   */
  record Decision(PushProgress.BlobResult result, Optional<URI> session) {}

  /**
   * Logs in already.
   *
   * @param atOnce how many blobs to ask about at the same time
   */
  BlobPlan(
      RegistryConnection registry,
      MountSources sources,
      BlobUploader uploader,
      Executor threads,
      int atOnce) {
    this.registry = registry;
    this.sources = sources;
    this.uploader = uploader;
    this.threads = threads;
    this.atOnce = atOnce;
    this.login = new FutureTask<>(registry::logIn, null);
    threads.execute(login);
  }

  /** Begins to find out about these blobs. */
  void begin(List<String> digests) {
    Queue<FutureTask<Decision>> queue = new ConcurrentLinkedQueue<>();
    digests.forEach(digest -> queue.add(task(digest)));
    for (int i = 0; i < Math.min(atOnce, digests.size()); i++) {
      threads.execute(
          () -> {
            for (FutureTask<?> next = queue.poll(); next != null; next = queue.poll()) {
              next.run();
            }
          });
    }
  }

  /**
   * What becomes of a blob; finds out if nobody has yet. The session is the caller's from now on.
   */
  Decision take(String digest) throws RejectedException, UnavailableException {
    FutureTask<Decision> task = task(digest);
    task.run(); // does nothing where it runs or has run already
    Decision decision = FutureResults.of(task);
    taken.add(digest);
    return decision;
  }

  private FutureTask<Decision> task(String digest) {
    return decisions.computeIfAbsent(digest, each -> new FutureTask<>(() -> decide(each)));
  }

  private Decision decide(String digest) throws RejectedException, UnavailableException {
    FutureResults.of(login);
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

  /** Stops asking, and gives up the sessions that nobody has taken. */
  @Override
  public void close() {
    decisions.forEach(
        (digest, task) -> {
          if (!task.cancel(true) && !task.isCancelled() && !taken.contains(digest)) {
            session(task).ifPresent(this::cancel);
          }
        });
  }

  private static Optional<URI> session(FutureTask<Decision> done) {
    try {
      return FutureResults.of(done).session();
    } catch (RejectedException | UnavailableException none) {
      return Optional.empty();
    }
  }
}
