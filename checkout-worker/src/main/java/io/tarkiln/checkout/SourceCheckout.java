package io.tarkiln.checkout;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildInput;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.stage.Step;
import io.tarkiln.stage.StepResult;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the sources of all services of a build into S3. What is there is not sent again, and a
 * request that is delivered again builds the commit that it meant the first time.
 */
public final class SourceCheckout implements Step<BuildRequested>, AutoCloseable {
  /** The stage's name in events. */
  public static final String STAGE = "checkout-worker";

  private static final Logger LOG = LoggerFactory.getLogger(SourceCheckout.class);

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
  private final Sources sources;

  /** Every build that is allowed goes on. */
  public SourceCheckout(GitSettings settings, ObjectStore store, Policies policies)
      throws UnavailableException {
    this(settings, store, policies, event -> Optional.empty());
  }

  public SourceCheckout(
      GitSettings settings, ObjectStore store, Policies policies, Admission admission)
      throws UnavailableException {
    this(settings, store, policies, admission, Clock.systemUTC());
  }

  SourceCheckout(
      GitSettings settings, ObjectStore store, Policies policies, Admission admission, Clock clock)
      throws UnavailableException {
    this.settings = settings;
    this.store = store;
    this.policies = policies;
    this.admission = admission;
    this.access = new GitAccess(settings);
    this.disk = DiskCache.below(settings.cache(), settings.cacheBytes());
    Turns turns = new Turns();
    this.cache = new RepositoryCache(disk, access, settings.limits(), turns);
    this.sources =
        new Sources(
            store,
            disk,
            new LfsFiles(disk, access, settings.limits(), turns),
            turns,
            settings,
            clock);
  }

  @Override
  public StepResult run(Event<BuildRequested> event)
      throws RejectedException, UnavailableException {
    BuildRequested request = event.data().checked();
    GitAddress address = GitAddress.of(request.source().repository(), access.hosts());
    policies.checkImages(
        request.workload(), request.serviceNames(), request.tag(), request.extraTags());
    policies.checkRepository(request.workload(), address.text());
    Optional<BuildCancelRequested> refused = admission.refused(event);
    if (refused.isPresent()) {
      return StepResult.of(event.next(STAGE, refused.get()));
    }
    try (Checkout checkout =
        new Checkout(
            cache,
            access.hosts(),
            from -> policies.checkRepository(request.workload(), from.text()),
            settings.submodules())) {
      try {
        return StepResult.of(events(event, request, checkout, checkout.repository(address)));
      } catch (IOException broken) {
        checkout.drop();
        throw new UnavailableException(
            "the cached copy of %s was broken and is dropped".formatted(address), broken);
      }
    }
  }

  private List<Event<?>> events(
      Event<BuildRequested> event,
      BuildRequested request,
      Checkout checkout,
      CachedRepository repository)
      throws IOException, RejectedException, UnavailableException {
    ObjectId commit = commit(event, request, repository);
    BuildPlan plan =
        new BuildPlan(
            request.tag(),
            request.extraTags(),
            request.serviceNames(),
            request.source().repository(),
            request.source().revision(),
            commit.name(),
            request.cache(),
            request.mirror());
    SourceTree tree = checkout.tree(repository, commit, path -> isNeeded(request, path));
    List<Event<?>> events = new ArrayList<>();
    for (BuildRequested.RequestedService service : request.services()) {
      if (service.retagFrom().isPresent()) {
        events.add(
            event.next(
                STAGE,
                ImageBuilt.retag(
                    request.workload(), service.name(), plan, service.retagFrom().get())));
      } else {
        BuildInput input = stored(event, request.workload(), service, tree);
        events.add(
            event.next(
                STAGE, new SourceCheckedOut(request.workload(), service.name(), plan, input)));
      }
    }
    return events;
  }

  /** The commit that the build is of, from now on. */
  private ObjectId commit(
      Event<BuildRequested> event, BuildRequested request, CachedRepository repository)
      throws IOException, RejectedException, UnavailableException {
    Optional<SourcePin> pin = SourcePin.read(store, event.build());
    String revision = pin.map(SourcePin::commit).orElse(request.source().revision());
    Revisions revisions = new Revisions(cache, repository.remote().address());
    ObjectId commit =
        repository
            .fetchCommit(revisions.find(repository.remote(), revision))
            .orElseThrow(() -> revisions.none(revision));
    if (pin.isEmpty()) {
      SourcePin.write(store, event.build(), request.source(), commit.name());
    }
    return commit;
  }

  /** Whether a submodule is part of what a service is built from. */
  private static boolean isNeeded(BuildRequested request, String module) {
    return request.services().stream()
        .filter(service -> service.retagFrom().isEmpty())
        .flatMap(service -> Stream.of(service.context(), service.dockerfile()))
        .anyMatch(
            path ->
                path.equals(".")
                    || path.equals(module)
                    || path.startsWith(module + "/")
                    || module.startsWith(path + "/"));
  }

  private BuildInput stored(
      Event<BuildRequested> event,
      String workload,
      BuildRequested.RequestedService service,
      SourceTree tree)
      throws IOException, RejectedException, UnavailableException {
    PrunedTree pruned = PrunedTree.of(tree, service.context(), service.dockerfile());
    byte[] dockerfile = Dockerfiles.read(tree, service.dockerfile());
    Sources.Stored source = sources.store(workload, tree, pruned);
    String dockerfileKey = Keys.dockerfile(event.build(), service.name());
    store.write(dockerfileKey, dockerfile);
    LOG.info(
        "checked out buildId={} service={} source={} uploaded={}",
        event.build(),
        service.name(),
        source.key(),
        source.isNew());
    return new BuildInput(
        source.key(),
        service.context(),
        service.dockerfile(),
        dockerfileKey,
        service.buildArgs(),
        service.target(),
        service.auto());
  }

  @Override
  public void close() {
    access.close();
    try {
      disk.close();
    } catch (IOException unimportant) {
      LOG.debug("the claim on the cache ends with the process", unimportant);
    }
  }
}
