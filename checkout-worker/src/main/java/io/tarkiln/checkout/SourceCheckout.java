package io.tarkiln.checkout;

import io.tarkiln.build.Grammar;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildInput;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.Json;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.event.UnreadableException;
import io.tarkiln.stage.Step;
import io.tarkiln.stage.StepResult;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;
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

  private final GitSettings settings;
  private final ObjectStore store;
  private final GitAccess access;
  private final RepositoryCache cache;

  public SourceCheckout(GitSettings settings, ObjectStore store) throws UnavailableException {
    this.settings = settings;
    this.store = store;
    this.access = new GitAccess(settings);
    this.cache = new RepositoryCache(settings.cache(), access);
  }

  /** The content of {@code source.json}. */
  record Pin(String repository, String revision, String commit) {
    Pin {
      Grammar.objectId("commit", Grammar.text("commit", commit));
    }
  }

  @Override
  public StepResult run(Event<BuildRequested> event)
      throws RejectedException, UnavailableException {
    BuildRequested request = event.data().checked();
    GitAddress address = GitAddress.of(request.source().repository(), settings);
    String revision = request.source().revision();
    Optional<Pin> pinned = pin(event);
    try (RepositoryCache.Fetched fetched =
        cache.fetch(address, pinned.map(Pin::commit).orElse(revision))) {
      Pin pin = pinned.isPresent() ? pinned.get() : pin(event, request, fetched.commit().name());
      if (!pin.commit().equals(fetched.commit().name())) {
        throw new UnavailableException("another checkout pinned the build at the same moment");
      }
      return StepResult.of(events(event, request, address, fetched));
    } catch (IOException broken) {
      throw new UnavailableException("cannot read the cached copy of " + address, broken);
    }
  }

  private Optional<Pin> pin(Event<BuildRequested> event) throws UnavailableException {
    Optional<byte[]> json = store.read(Keys.sourcePin(event.build()));
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(json.get(), Pin.class));
    } catch (UnreadableException broken) {
      throw new IllegalStateException("source.json is not ours", broken);
    }
  }

  private Pin pin(Event<BuildRequested> event, BuildRequested request, String commit)
      throws UnavailableException {
    Pin pin = new Pin(request.source().repository(), request.source().revision(), commit);
    if (store.writeOnce(Keys.sourcePin(event.build()), Json.bytes(pin))) {
      return pin;
    }
    return pin(event).orElse(pin);
  }

  private List<Event<?>> events(
      Event<BuildRequested> event,
      BuildRequested request,
      GitAddress address,
      RepositoryCache.Fetched fetched)
      throws IOException, RejectedException, UnavailableException {
    String commit = fetched.commit().name();
    BuildPlan plan =
        new BuildPlan(
            request.tag(),
            request.extraTags(),
            request.serviceNames(),
            request.source().repository(),
            request.source().revision(),
            commit,
            request.cache(),
            request.mirror());
    List<Event<?>> events = new ArrayList<>();
    try (ObjectReader reader = fetched.repository().newObjectReader();
        RevWalk walk = new RevWalk(reader)) {
      ObjectId root = walk.parseCommit(fetched.commit()).getTree();
      SourceTree tree = new SourceTree(reader, root, commit.substring(0, 7) + " of " + address);
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
    }
    return events;
  }

  private BuildInput stored(
      Event<BuildRequested> event,
      String workload,
      BuildRequested.RequestedService service,
      SourceTree tree)
      throws IOException, RejectedException, UnavailableException {
    PrunedTree pruned = PrunedTree.of(tree, service.context(), service.dockerfile());
    byte[] dockerfile = tree.dockerfile(service.dockerfile());
    String key = Keys.source(workload, pruned.id());
    boolean isNew = !store.exists(key);
    if (isNew) {
      upload(key, tree, pruned);
    }
    String dockerfileKey = Keys.dockerfile(event.build(), service.name());
    store.write(dockerfileKey, dockerfile);
    LOG.info(
        "checked out buildId={} service={} source={} uploaded={}",
        event.build(),
        service.name(),
        key,
        isNew);
    return new BuildInput(
        key,
        service.context(),
        service.dockerfile(),
        dockerfileKey,
        service.buildArgs(),
        service.target());
  }

  private void upload(String key, SourceTree tree, PrunedTree pruned)
      throws RejectedException, UnavailableException {
    try (ObjectUpload upload = store.upload(key)) {
      new SourceArchive(tree, settings.largestSource()).write(pruned, upload);
      upload.complete();
    } catch (IOException failed) {
      throw new UnavailableException("cannot store " + key, failed);
    }
  }

  @Override
  public void close() {
    access.close();
  }
}
