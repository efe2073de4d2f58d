package io.tarkiln.claim;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.event.json.Json;
import io.tarkiln.store.JsonObjects;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a checkout came to: {@code checked-out.json}. It is all that the build's events need, so
 * they can be published again when neither the repository nor the policy can be asked any more; and
 * what later stages hold events against, since it is there before the first of them is told.
 *
 * @param request that was allowed and checked out
 * @param sources S3 key of the build context of each service that is built, by the service's name
 * @param contexts path of that context, without links; where one is missing, as requested
 */
public record CheckoutRecord(
    BuildRequested request,
    String commit,
    Map<String, String> sources,
    Map<String, String> contexts) {
  public CheckoutRecord {
    NameSyntax.present("request", request);
    NameSyntax.objectId("commit", NameSyntax.text("commit", commit));
    sources = sources == null ? Map.of() : Map.copyOf(sources);
    contexts = contexts == null ? Map.of() : Map.copyOf(contexts);
  }

  /** What was checked out before, if anything. */
  public static Optional<CheckoutRecord> read(ObjectStore store, BuildId build)
      throws UnavailableException {
    return JsonObjects.read(store, ObjectKeys.checkedOut(build), CheckoutRecord.class);
  }

  /**
   * Keeps it, unless an earlier delivery has.
   *
   * @return what stands
   */
  public CheckoutRecord putIfAbsent(ObjectStore store, BuildId build) throws UnavailableException {
    return JsonObjects.putIfAbsent(store, ObjectKeys.checkedOut(build), this, CheckoutRecord.class);
  }

  /** Puts it in the place of one whose sources are gone. */
  public void replace(ObjectStore store, BuildId build) throws UnavailableException {
    store.write(ObjectKeys.checkedOut(build), Json.bytes(this));
  }

  /** What all services of the build have in common. */
  BuildPlan plan() {
    return new BuildPlan(
        request.tag(),
        request.extraTags(),
        request.serviceNames(),
        request.source().repository(),
        request.source().revision(),
        commit,
        request.cache(),
        request.mirror());
  }

  /** What Kaniko gets for a service; empty for one that is not built. */
  Optional<RunInput> input(BuildId build, BuildRequested.RequestedService service) {
    return Optional.ofNullable(sources.get(service.name()))
        .map(
            source ->
                new RunInput(
                    source,
                    contexts.getOrDefault(service.name(), service.context()),
                    service.dockerfile(),
                    ObjectKeys.dockerfile(build, service.name()),
                    service.buildArgs(),
                    service.target(),
                    service.auto()));
  }

  /** One event a service, in the order of the request. */
  public List<Event<?>> events(Event<BuildRequested> cause) {
    BuildPlan plan = plan();
    return request.services().stream()
        .<Event<?>>map(service -> event(cause, service, plan))
        .toList();
  }

  private Event<?> event(
      Event<BuildRequested> cause, BuildRequested.RequestedService service, BuildPlan plan) {
    String workload = request.workload();
    if (service.retagFrom().isPresent()) {
      String tag = service.retagFrom().get();
      return cause.next(
          PipelineStage.CHECKOUT_WORKER.wire(),
          ImageBuilt.retag(workload, service.name(), plan, tag));
    }
    RunInput input = input(cause.build(), service).orElseThrow();
    return cause.next(
        PipelineStage.CHECKOUT_WORKER.wire(),
        new SourceCheckedOut(workload, service.name(), plan, input));
  }
}
