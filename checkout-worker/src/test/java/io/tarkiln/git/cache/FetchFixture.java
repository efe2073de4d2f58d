package io.tarkiln.git.cache;

import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.checkout.RevisionResolver;
import io.tarkiln.git.GitAccess;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import java.io.IOException;
import org.eclipse.jgit.lib.ObjectId;

/** Fetches from one address into a cache of its own. */
public final class FetchFixture implements AutoCloseable {
  private final GitAccess access;
  private final DiskCache disk;
  private final GitAddress address;
  private final RepositoryCache cache;
  private final RepositoryCache.Use use;

  public FetchFixture(GitSettings settings, String url) throws Exception {
    access = new GitAccess(settings);
    address = GitAddress.of(url, access.hosts());
    disk = DiskCache.below(settings.cache(), settings.cacheBytes());
    cache = new RepositoryCache(disk, access, settings.limits(), new KeyedLock());
    use = cache.use(address);
  }

  public CachedRepository repository() {
    return use.repository();
  }

  public ObjectId fetch(String revision) throws Exception {
    RevisionResolver revisions = new RevisionResolver(cache, address);
    RevisionResolver.Found found = revisions.find(repository().remote(), revision);
    return repository()
        .fetchCommit(found.commit(), found.advertised())
        .orElseThrow(() -> revisions.none(revision));
  }

  @Override
  public void close() throws IOException, UnavailableException {
    use.close();
    disk.close();
  }
}
