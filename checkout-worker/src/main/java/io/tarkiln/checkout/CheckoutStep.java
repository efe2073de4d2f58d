package io.tarkiln.checkout;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.BusyException;
import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.CheckoutRecord;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.git.GitAccess;
import io.tarkiln.git.cache.CachedRepository;
import io.tarkiln.git.cache.DiskCache;
import io.tarkiln.git.cache.RepositoryCache;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.git.lfs.LfsFiles;
import io.tarkiln.git.tree.CommitTree;
import io.tarkiln.git.tree.DockerfileReader;
import io.tarkiln.git.tree.NeededSubmodules;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.pipeline.Step;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.policy.Policies;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the sources of all services of a build into S3. What is there is not sent again, and a
 * request that is delivered again builds the commit that it meant the first time; once all of it
 * was checked out, neither policy nor git is asked again.
 */
public final class CheckoutStep implements Step<BuildRequested>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckoutStep.class);

  /** Says whether a build may go on that is allowed in itself. */
  @FunctionalInterface
  public interface Admission {
    /** Why it is to be cancelled, if it is. */
    Optional<BuildCancelRequested> refused(Event<BuildRequested> event)
        throws RejectedException, UnavailableException;
  }

  private final GitSettings settings;
  private final ObjectStore store;
  private final Policies policies;
  private final Admission admission;
  private final GitAccess access;
  private final DiskCache disk;
  private final RepositoryCache cache;
  private final ContextPublisher sources;

  /** Every build that is allowed goes on. */
  public CheckoutStep(GitSettings settings, ObjectStore store, Policies policies)
      throws UnavailableException {
    this(settings, store, policies, event -> Optional.empty());
  }

  public CheckoutStep(
      GitSettings settings, ObjectStore store, Policies policies, Admission admission)
      throws UnavailableException {
    this(settings, store, policies, admission, Clock.systemUTC());
  }

  CheckoutStep(
      GitSettings settings, ObjectStore store, Policies policies, Admission admission, Clock clock)
      throws UnavailableException {
    this.settings = settings;
    this.store = store;
    this.policies = policies;
    this.admission = admission;
    this.access = new GitAccess(settings);
    this.disk = DiskCache.below(settings.cache(), settings.cacheBytes());
    KeyedLock locks = new KeyedLock();
    this.cache = new RepositoryCache(disk, access, settings.limits(), locks);
    this.sources =
        new ContextPublisher(
            store,
            disk,
            new LfsFiles(disk, access, settings.limits(), locks),
            locks,
            settings,
            clock);
  }

  @Override
  public StepResult run(Event<BuildRequested> event)
      throws RejectedException, UnavailableException {
    BuildRequested request = event.data().checked();
    Optional<CommitPin> pin = CommitPin.read(store, event.build());
    Optional<CheckoutRecord> before =
        pin.isPresent() ? before(event.build(), request) : Optional.empty();
    if (before.isEmpty()) {
      checkPolicy(request);
    }
    Optional<BuildCancelRequested> refused = admission.refused(event);
    if (refused.isPresent()) {
      return StepResult.of(event.next(PipelineStage.CHECKOUT_WORKER.wire(), refused.get()));
    }
    try {
      CheckoutRecord checkedOut =
          before.isPresent() ? before.get() : checkedOut(event.build(), request, pin);
      return StepResult.of(checkedOut.events(event));
    } catch (BusyException other) {
      return StepResult.busy(other.free());
    }
  }

  /**
   * What an earlier delivery of this very request came to, if all of its sources are still there.
   * The build may be far ahead by now: it must not end because a token has changed meanwhile.
   */
  private Optional<CheckoutRecord> before(BuildId build, BuildRequested request)
      throws UnavailableException {
    Optional<CheckoutRecord> before =
        CheckoutRecord.read(store, build).filter(each -> each.request().equals(request));
    if (before.isEmpty() || !isWhole(before.get())) {
      return Optional.empty();
    }
    LOG.info("checked out before buildId={}", build);
    return before;
  }

  private boolean isWhole(CheckoutRecord checkedOut) throws UnavailableException {
    for (String source : Set.copyOf(checkedOut.sources().values())) {
      if (!sources.isThere(source)) {
        return false;
      }
    }
    return true;
  }

  private GitAddress address(BuildRequested request) throws RejectedException {
    return GitAddress.of(request.source().repository(), access.hosts());
  }

  private void checkPolicy(BuildRequested request) throws RejectedException, UnavailableException {
    String repository = address(request).text();
    policies.checkImages(
        request.workload(), request.serviceNames(), request.tag(), request.extraTags());
    policies.checkRepository(request.workload(), repository);
    policies.checkTags(
        request.workload(), request.source().revision(), request.tag(), request.extraTags());
  }

  private CheckoutRecord checkedOut(BuildId build, BuildRequested request, Optional<CommitPin> pin)
      throws RejectedException, UnavailableException {
    GitAddress address = address(request);
    try (BuildRepositories checkout =
        new BuildRepositories(
            cache,
            access.hosts(),
            from -> policies.checkRepository(request.workload(), from.text()),
            settings.submodules(),
            settings.limits().fetchBytes())) {
      try {
        CachedRepository repository = checkout.repository(address);
        ObjectId commit = commit(build, request, pin, repository);
        CommitTree tree = checkout.tree(repository, commit, new NeededSubmodules(request)::is);
        return standing(build, stored(build, request, commit, tree));
      } catch (IOException broken) {
        checkout.drop();
        throw new UnavailableException(
            "the cached copy of %s was broken and is dropped".formatted(address), broken);
      }
    }
  }

  /**
   * What events are held against: what an earlier delivery came to, as long as its sources are
   * there. Another setting may have made other contexts of the same commit meanwhile.
   */
  private CheckoutRecord standing(BuildId build, CheckoutRecord done) throws UnavailableException {
    CheckoutRecord standing = done.putIfAbsent(store, build);
    if (standing.equals(done) || isWhole(standing) && standing.request().equals(done.request())) {
      return standing;
    }
    done.replace(store, build);
    return done;
  }

  /** The commit that the build is of, from now on. */
  private ObjectId commit(
      BuildId build, BuildRequested request, Optional<CommitPin> pin, CachedRepository repository)
      throws IOException, RejectedException, UnavailableException {
    String revision = pin.map(CommitPin::commit).orElse(request.source().revision());
    RevisionResolver revisions = new RevisionResolver(cache, repository.remote().address());
    RevisionResolver.Found found = revisions.find(repository.remote(), revision);
    ObjectId commit =
        repository
            .fetchCommit(found.commit(), found.advertised())
            .orElseThrow(() -> revisions.none(revision));
    if (pin.isEmpty()) {
      CommitPin.write(store, build, request.source(), commit.name());
    }
    return commit;
  }

  /** Stores what the services are built from. */
  private CheckoutRecord stored(
      BuildId build, BuildRequested request, ObjectId commit, CommitTree tree)
      throws IOException, RejectedException, UnavailableException {
    Map<String, String> keys = new HashMap<>();
    Map<String, String> contexts = new HashMap<>();
    for (BuildRequested.RequestedService service : request.services()) {
      if (service.retagFrom().isEmpty()) {
        PrunedTree pruned =
            PrunedTree.of(
                tree, service.context(), service.dockerfile(), settings.limits().sourceFiles());
        contexts.put(service.name(), pruned.contextText());
        keys.put(service.name(), stored(build, request.workload(), service, tree, pruned));
      }
    }
    return new CheckoutRecord(request, commit.name(), keys, contexts);
  }

  private String stored(
      BuildId build,
      String workload,
      BuildRequested.RequestedService service,
      CommitTree tree,
      PrunedTree pruned)
      throws IOException, RejectedException, UnavailableException {
    byte[] dockerfile = DockerfileReader.read(tree, service.dockerfile());
    ContextPublisher.Stored source = sources.store(workload, tree, pruned);
    store.write(ObjectKeys.dockerfile(build, service.name()), dockerfile);
    LOG.info(
        "checked out buildId={} service={} source={} uploaded={}",
        build,
        service.name(),
        source.key(),
        source.isNew());
    return source.key();
  }

  @Override
  public void close() {
    try {
      disk.close();
    } catch (IOException unimportant) {
      LOG.debug("the claim on the cache ends with the process", unimportant);
    }
  }
}
