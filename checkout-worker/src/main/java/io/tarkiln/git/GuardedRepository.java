package io.tarkiln.git;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.attributes.AttributesNodeProvider;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.ObjectDatabase;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.RefDatabase;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.transport.TransferConfig;

/** A repository as one fetch sees it: what comes in is counted and bounded. */
final class GuardedRepository extends Repository {
  private final Repository real;
  private final FetchGuard guard;
  private final long largestObject;
  private final StoredConfig config;

  /**
   * Looks at a repository.
   *
   * @param version of git's protocol that servers are asked to speak
   */
  GuardedRepository(
      Repository real,
      FetchGuard guard,
      long largestObject,
      TransferConfig.ProtocolVersion version) {
    super(new RepositoryBuilder().setGitDir(real.getDirectory()).setBare().setFS(real.getFS()));
    this.real = real;
    this.guard = guard;
    this.largestObject = largestObject;
    this.config =
        new StoredConfig(real.getConfig()) {
          @Override
          public void load() {
            // There is no file behind it.
          }

          @Override
          public void save() {
            // It ends with the fetch.
          }
        };
    config.setString(
        ConfigConstants.CONFIG_PROTOCOL_SECTION,
        null,
        ConfigConstants.CONFIG_KEY_VERSION,
        version.version());
  }

  @Override
  public ObjectInserter newObjectInserter() {
    ObjectInserter inserter = real.newObjectInserter();
    return new ObjectInserter.Filter() {
      @Override
      protected ObjectInserter delegate() {
        return inserter;
      }

      @Override
      public PackParser newPackParser(InputStream in) throws IOException {
        PackParser parser = super.newPackParser(guard.pack(in));
        parser.setMaxObjectSizeLimit(largestObject);
        return parser;
      }
    };
  }

  @Override
  public void create(boolean bare) {
    throw new UnsupportedOperationException("it is there");
  }

  @Override
  public String getIdentifier() {
    return real.getIdentifier();
  }

  @Override
  public ObjectDatabase getObjectDatabase() {
    return real.getObjectDatabase();
  }

  @Override
  public RefDatabase getRefDatabase() {
    return real.getRefDatabase();
  }

  @Override
  public StoredConfig getConfig() {
    return config;
  }

  @Override
  public AttributesNodeProvider createAttributesNodeProvider() {
    return real.createAttributesNodeProvider();
  }

  @Override
  public void scanForRepoChanges() throws IOException {
    real.scanForRepoChanges();
  }

  @Override
  public void notifyIndexChanged(boolean internal) {
    real.notifyIndexChanged(internal);
  }

  /** The real one stays open. */
  @Override
  public void close() {
    // Nothing here is our own.
  }
}
