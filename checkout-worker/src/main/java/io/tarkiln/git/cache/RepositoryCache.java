package io.tarkiln.git.cache;

import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.GitAccess;
import io.tarkiln.git.RemoteRepository;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;

/**
 * Bare repositories on disk, one per address, that hold what was fetched. Losing one costs time and
 * nothing else; one that turns out to be broken is dropped and fetched anew.
 */
public final class RepositoryCache {
  private final DiskCache disk;
  private final GitAccess access;
  private final GitSettings.Limits limits;
  private final KeyedLock locks;
  private final Map<String, Lease> open = new HashMap<>();

  public RepositoryCache(
      DiskCache disk, GitAccess access, GitSettings.Limits limits, KeyedLock locks) {
    this.disk = disk;
    this.access = access;
    this.limits = limits;
    this.locks = locks;
  }

  /** One repository and those who use it. */
  private static final class Lease {
    private final CachedRepository repository;
    private int users;

    Lease(CachedRepository repository) {
      this.repository = repository;
    }
  }

  /** The use of a repository. Close it. */
  public final class Use implements AutoCloseable {
    private final String name;
    private final Lease lease;

    private Use(String name, Lease lease) {
      this.name = name;
      this.lease = lease;
    }

    public CachedRepository repository() {
      return lease.repository;
    }

    /** Has the repository fetched anew; whoever uses it now will find it broken as well. */
    public void drop() throws UnavailableException {
      synchronized (open) {
        if (open.remove(name, lease)) {
          disk.drop(name);
        }
      }
    }

    @Override
    public void close() throws UnavailableException {
      synchronized (open) {
        lease.users--;
        boolean isOurs = open.get(name) == lease;
        if (lease.users == 0) {
          lease.repository.close();
          if (isOurs) {
            open.remove(name);
          }
        }
        if (isOurs) {
          disk.release(name);
        }
      }
    }
  }

  /**
   * Lets a build in.
   *
   * @throws UnavailableException while others use all the room on disk
   */
  public void admit() throws UnavailableException {
    disk.admit();
  }

  /** The repository that builds fetch from. */
  public Use use(GitAddress address) throws UnavailableException {
    return use(address, "");
  }

  /** Another copy, which knows of all commits, without their files. */
  public Use history(GitAddress address) throws UnavailableException {
    return use(address, "#history");
  }

  private Use use(GitAddress address, String kind) throws UnavailableException {
    String name = DiskCache.name(address.text() + kind) + ".git";
    synchronized (open) {
      Lease lease = open.get(name);
      if (lease == null) {
        lease = opened(name, address);
        open.put(name, lease);
      } else {
        disk.acquire(name);
      }
      lease.users++;
      return new Use(name, lease);
    }
  }

  private Lease opened(String name, GitAddress address) throws UnavailableException {
    Path place = disk.acquire(name);
    try {
      return new Lease(opened(place, address));
    } catch (IOException broken) {
      disk.drop(name);
      throw new UnavailableException(
          "the cached copy of %s was broken and is dropped".formatted(address), broken);
    }
  }

  private CachedRepository opened(Path place, GitAddress address)
      throws IOException, UnavailableException {
    Repository repository = repository(place);
    return new CachedRepository(
        repository, new RemoteRepository(repository, access, address, limits), locks);
  }

  private static Repository repository(Path place) throws IOException, UnavailableException {
    try {
      if (Files.exists(place.resolve("HEAD"))) {
        return Git.open(place.toFile()).getRepository();
      }
      return Git.init()
          .setBare(true)
          .setGitDir(place.toFile())
          .setInitialBranch("none")
          .call()
          .getRepository();
    } catch (GitAPIException failed) {
      throw new UnavailableException("cannot make a repository at " + place, failed);
    }
  }
}
