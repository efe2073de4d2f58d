package io.tarkiln.checkout;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;

/** Fetches from one address into a cache of its own. */
final class Fetching implements AutoCloseable {
  private final GitAccess access;
  private final DiskCache disk;
  private final GitAddress address;
  private final RepositoryCache cache;
  private final RepositoryCache.Use use;

  Fetching(GitSettings settings, String url) throws Exception {
    access = new GitAccess(settings);
    address = GitAddress.of(url, access.hosts());
    disk = DiskCache.below(settings.cache(), settings.cacheBytes());
    cache = new RepositoryCache(disk, access, settings.limits(), new Turns());
    use = cache.use(address);
  }

  CachedRepository repository() {
    return use.repository();
  }

  ObjectId fetch(String revision) throws Exception {
    Revisions revisions = new Revisions(cache, address);
    return repository()
        .fetchCommit(revisions.find(repository().remote(), revision))
        .orElseThrow(() -> revisions.none(revision));
  }

  @Override
  public void close() throws IOException, UnavailableException {
    use.close();
    disk.close();
    access.close();
  }
}
