package io.tarkiln.checkout;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.cache.CachedRepository;
import io.tarkiln.git.cache.RepositoryCache;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.HostPolicy;
import io.tarkiln.git.tree.CommitTree;
import io.tarkiln.git.tree.Submodules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;

/** The repositories that one build reads: its own, and those of submodules. Close it. */
final class BuildRepositories implements AutoCloseable {
  private static final int DEEPEST = 10;
  private static final int MAX_REPOSITORIES = 500;

  private final RepositoryCache cache;
  private final HostPolicy hosts;
  private final Permission permission;
  private final boolean submodules;
  private final long most;
  private final Map<CachedRepository, Long> before = new HashMap<>();
  private final Map<CachedRepository, Long> brought = new HashMap<>();
  private final List<RepositoryCache.Use> uses = new ArrayList<>();
  private final List<ObjectReader> readers = new ArrayList<>();

  /** Says whether a submodule is part of what is built, by its raw path in the tree. */
  @FunctionalInterface
  interface Needed {
    boolean is(CommitTree tree, String path)
        throws IOException, RejectedException, UnavailableException;
  }

  /** Says whether a repository may be built from. */
  @FunctionalInterface
  interface Permission {
    void check(GitAddress address) throws RejectedException, UnavailableException;
  }

  /**
   * Reads none yet.
   *
   * @param submodules whether they are read
   * @param most bytes that all fetches may bring together
   */
  BuildRepositories(
      RepositoryCache cache,
      HostPolicy hosts,
      Permission permission,
      boolean submodules,
      long most) {
    this.cache = cache;
    this.hosts = hosts;
    this.permission = permission;
    this.submodules = submodules;
    this.most = most;
  }

  /** A repository, until this is closed. */
  CachedRepository repository(GitAddress address)
      throws IOException, RejectedException, UnavailableException {
    permission.check(address);
    if (uses.size() >= MAX_REPOSITORIES) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "more than %d submodules in one build".formatted(MAX_REPOSITORIES));
    }
    if (uses.isEmpty()) {
      cache.admit();
    }
    RepositoryCache.Use use = cache.use(address);
    uses.add(use);
    before.putIfAbsent(use.repository(), use.repository().bytes());
    return use.repository();
  }

  /** Bounds what all fetches of one build bring together. */
  private void check(CachedRepository repository) throws IOException, RejectedException {
    brought.put(repository, repository.bytes() - before.getOrDefault(repository, 0L));
    if (brought.values().stream().mapToLong(Long::longValue).sum() > most) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "one build fetches more than the %d bytes of TARKILN_GIT_FETCH_BYTES, the last from %s"
              .formatted(most, repository.remote().address()));
    }
  }

  private void fetch(CachedRepository repository, ObjectId commit, Collection<ObjectId> ids)
      throws IOException, RejectedException, UnavailableException {
    if (repository.fetchFiles(commit, ids)) {
      check(repository);
    }
  }

  /**
   * The files of a commit that was fetched.
   *
   * @param needed which submodules are
   */
  CommitTree tree(CachedRepository repository, ObjectId commit, Needed needed)
      throws IOException, RejectedException, UnavailableException {
    return tree(repository, commit, needed, 0);
  }

  private CommitTree tree(CachedRepository repository, ObjectId commit, Needed needed, int depth)
      throws IOException, RejectedException, UnavailableException {
    check(repository);
    GitAddress address = repository.remote().address();
    ObjectReader reader = repository.repository().newObjectReader();
    readers.add(reader);
    ObjectId root;
    try (RevWalk walk = new RevWalk(reader)) {
      root = walk.parseCommit(commit).getTree().getId();
    }
    CommitTree tree =
        new CommitTree(
            commit.name().substring(0, 7) + " of " + address,
            address,
            reader,
            root,
            Map.of(),
            ids -> fetch(repository, commit, ids));
    return submodules
        ? new CommitTree(
            tree.where(), address, reader, root, modules(tree, needed, depth), tree.files())
        : tree;
  }

  private Map<String, CommitTree> modules(CommitTree tree, Needed needed, int depth)
      throws IOException, RejectedException, UnavailableException {
    Map<String, CommitTree> modules = new HashMap<>();
    for (Map.Entry<String, String> each : Submodules.of(tree).entrySet()) {
      String path = each.getKey();
      Optional<CommitTree.Found> link = needed.is(tree, path) ? tree.at(path) : Optional.empty();
      if (link.isPresent() && link.get().isModule()) {
        if (depth >= DEEPEST) {
          throw new RejectedException(
              Reason.LIMIT_EXCEEDED,
              "submodules in submodules, deeper than %d, in %s".formatted(DEEPEST, tree.where()));
        }
        modules.put(path, module(tree, path, each.getValue(), link.get().id(), needed, depth));
      }
    }
    return modules;
  }

  private CommitTree module(
      CommitTree tree, String path, String url, ObjectId id, Needed needed, int depth)
      throws IOException, RejectedException, UnavailableException {
    CachedRepository repository;
    try {
      repository = repository(tree.address().resolve(url, hosts));
    } catch (RejectedException refused) {
      throw new RejectedException(
          refused.reason(),
          "submodule %s in %s: %s"
              .formatted(CommitTree.printable(path), tree.where(), refused.getMessage()),
          refused);
    }
    ObjectId commit =
        repository
            .fetchCommit(id, id)
            .orElseThrow(
                () ->
                    new RejectedException(
                        Reason.NO_SUCH_REVISION,
                        "submodule %s in %s is at commit %s, which %s does not have: push it there"
                            .formatted(
                                CommitTree.printable(path),
                                tree.where(),
                                id.name().substring(0, 7),
                                repository.remote().address())));
    return tree(repository, commit, (in, below) -> needed.is(tree, path + "/" + below), depth + 1);
  }

  /** Has everything fetched anew next time. */
  void drop() throws UnavailableException {
    for (RepositoryCache.Use use : uses) {
      use.drop();
    }
  }

  @Override
  public void close() throws UnavailableException {
    readers.forEach(ObjectReader::close);
    Optional<UnavailableException> failed = Optional.empty();
    for (RepositoryCache.Use use : uses) {
      try {
        use.close();
      } catch (UnavailableException one) {
        failed = Optional.of(one);
      }
    }
    if (failed.isPresent()) {
      throw failed.get();
    }
  }
}
