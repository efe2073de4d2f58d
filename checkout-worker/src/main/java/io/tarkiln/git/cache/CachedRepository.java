package io.tarkiln.git.cache;

import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.RemoteRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FilterSpec;

/**
 * What was fetched of one repository so far: the trees of commits, and those files that builds
 * needed. Has no refs of its own; what a name means is asked each time.
 *
 * <p>Any number of builds read it while one of them fetches. An {@link IOException} from it means
 * that the copy is broken.
 */
public final class CachedRepository implements AutoCloseable {
  private static final FilterSpec NO_FILES = filter("blob:none");
  private static final FilterSpec ONLY_COMMITS = filter("tree:0");

  private static final int MAX_PACKS = 40;

  private final Repository repository;
  private final RemoteRepository remote;
  private final KnownCommits known;
  private final KeyedLock locks;
  private volatile boolean filters = true;

  CachedRepository(Repository repository, RemoteRepository remote, KeyedLock locks)
      throws IOException {
    this.repository = repository;
    this.remote = remote;
    this.locks = locks;
    this.known = KnownCommits.in(repository.getDirectory().toPath());
    // JGit reads the list at its first use, and whoever uses it at the same moment gets null.
    repository.getObjectDatabase().getShallowCommits();
  }

  private static FilterSpec filter(String line) {
    try {
      return FilterSpec.fromFilterLine(line);
    } catch (PackProtocolException defect) {
      throw new IllegalStateException(defect);
    }
  }

  public Repository repository() {
    return repository;
  }

  public RemoteRepository remote() {
    return remote;
  }

  Path folder() {
    return repository.getDirectory().toPath();
  }

  /** Bytes that it has on disk now. */
  public long bytes() throws IOException {
    return DiskCache.bytes(folder());
  }

  /** One build at a time fetches. */
  private KeyedLock.Held lock() throws UnavailableException {
    return locks.take(folder().toString());
  }

  /**
   * Makes a commit and all its trees be here, but not its files where the server can leave them
   * out.
   *
   * @param id of the commit
   * @param advertised what the server shows of it: the tag, where it is one's
   * @return the commit; empty when the repository has none of this id
   */
  public Optional<ObjectId> fetchCommit(ObjectId id, ObjectId advertised)
      throws IOException, RejectedException, UnavailableException {
    if (isHere(id)) {
      return Optional.of(id);
    }
    KeyedLock.Held held = lock();
    try {
      if (isHere(id)) {
        return Optional.of(id);
      }
      try {
        fetch(List.of(advertised), known.latest(), RemoteRepository.Depth.SHALLOW);
      } catch (RemoteRepository.RefusedException unadvertised) {
        // Old servers give out no commit by its id; its branch or tag must be fetched then.
        if (!fetchEverything()) {
          return Optional.empty();
        }
      }
      Optional<ObjectId> commit = commit(id);
      if (commit.isPresent()) {
        known.add(commit.get());
      }
      new PackCompactor(repository).tidy(MAX_PACKS);
      return commit;
    } finally {
      held.close();
    }
  }

  /**
   * Makes these files of a commit be here.
   *
   * @return whether any was fetched
   */
  public boolean fetchFiles(ObjectId commit, Collection<ObjectId> files)
      throws IOException, RejectedException, UnavailableException {
    if (missing(files).isEmpty()) {
      return false;
    }
    KeyedLock.Held held = lock();
    try {
      List<ObjectId> missing = missing(files);
      if (missing.isEmpty()) {
        return false;
      }
      try {
        remote.fetch(missing, Set.of(), FilterSpec.NO_FILTER, RemoteRepository.Depth.OBJECTS);
      } catch (RemoteRepository.RefusedException unadvertised) {
        fetchWhole(commit);
      }
      return true;
    } finally {
      held.close();
    }
  }

  private void fetchWhole(ObjectId commit)
      throws IOException, RejectedException, UnavailableException {
    try {
      remote.fetch(List.of(commit), Set.of(), FilterSpec.NO_FILTER, RemoteRepository.Depth.SHALLOW);
    } catch (RemoteRepository.RefusedException unadvertised) {
      if (!fetchEverything()) {
        throw new UnavailableException(
            "%s does not give out the files of a commit that it had".formatted(remote.address()),
            unadvertised);
      }
    }
  }

  /** Makes the commits of all branches and tags be here, without their files if possible. */
  public void fetchHistory() throws IOException, RejectedException, UnavailableException {
    KeyedLock.Held held = lock();
    try {
      List<ObjectId> tips = tips().stream().filter(tip -> !known.has(tip)).toList();
      if (tips.isEmpty()) {
        return;
      }
      try {
        remote.fetch(tips, known.latest(), ONLY_COMMITS, RemoteRepository.Depth.WHOLE_HISTORY);
      } catch (RemoteRepository.RefusedException knowsNoFilters) {
        remote.fetch(
            tips, known.latest(), FilterSpec.NO_FILTER, RemoteRepository.Depth.WHOLE_HISTORY);
      }
      for (ObjectId tip : tips) {
        known.add(tip);
      }
    } catch (RemoteRepository.RefusedException moved) {
      throw new UnavailableException("the branches of %s move".formatted(remote.address()), moved);
    } finally {
      held.close();
    }
  }

  /**
   * All branches and tags with their files: who gives out no commit by its id gives out no file.
   *
   * @return whether there are any
   */
  private boolean fetchEverything() throws IOException, RejectedException, UnavailableException {
    List<ObjectId> tips = tips();
    if (tips.isEmpty()) {
      return false;
    }
    try {
      Set<ObjectId> have = known.latest();
      if (filters) {
        // What came without files must not be told of, as the server would leave them out again.
        have = Set.of();
        repository.getObjectDatabase().setShallowCommits(Set.of());
      }
      remote.fetch(tips, have, FilterSpec.NO_FILTER, RemoteRepository.Depth.WHOLE_HISTORY);
      for (ObjectId tip : tips) {
        known.add(tip);
      }
      return true;
    } catch (RemoteRepository.RefusedException moved) {
      throw new UnavailableException("the branches of %s move".formatted(remote.address()), moved);
    }
  }

  private List<ObjectId> tips() throws RejectedException, UnavailableException {
    return remote.refs(List.of("refs/heads/", "refs/tags/")).values().stream()
        .filter(ref -> ref.getName().matches("refs/(heads|tags)/.*"))
        .map(Ref::getObjectId)
        .distinct()
        .toList();
  }

  private void fetch(Collection<ObjectId> want, Set<ObjectId> have, RemoteRepository.Depth depth)
      throws IOException,
          RemoteRepository.RefusedException,
          RejectedException,
          UnavailableException {
    if (filters) {
      try {
        remote.fetch(want, have, NO_FILES, depth);
        return;
      } catch (RemoteRepository.RefusedException refused) {
        if (refused.what() == RemoteRepository.Refusal.OBJECTS) {
          throw refused;
        }
        filters = refused.what() != RemoteRepository.Refusal.FILTER;
      }
    }
    remote.fetch(want, have, FilterSpec.NO_FILTER, depth);
    filters = false;
  }

  /** Whether a commit is here, and with it its trees, as they come together. */
  private boolean isHere(ObjectId id) throws IOException {
    return known.has(id) || commit(id).filter(id::equals).isPresent();
  }

  private List<ObjectId> missing(Collection<ObjectId> ids) throws IOException {
    List<ObjectId> missing = new ArrayList<>();
    for (ObjectId id : ids) {
      if (!repository.getObjectDatabase().has(id)) {
        missing.add(id);
      }
    }
    return missing;
  }

  /** The commit that an id, perhaps of an annotated tag, leads to. */
  private Optional<ObjectId> commit(ObjectId id) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return Optional.of(walk.parseCommit(id).getId());
    } catch (IncorrectObjectTypeException | MissingObjectException none) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    repository.close();
  }
}
