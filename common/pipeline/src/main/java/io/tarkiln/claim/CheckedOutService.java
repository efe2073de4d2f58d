package io.tarkiln.claim;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.ServiceEventData;
import java.util.Optional;

/**
 * One service of a build as it was checked out.
 *
 * @param service as it was asked for
 */
public record CheckedOutService(BuildId build, CheckoutRecord record, RequestedService service) {
  /** The service that an event tells of, if the build has such a one. */
  static Optional<CheckedOutService> of(
      CheckoutRecord record, Event<? extends ServiceEventData> event) {
    return record.request().services().stream()
        .filter(service -> service.name().equals(event.data().service()))
        .findFirst()
        .map(service -> new CheckedOutService(event.build(), record, service));
  }

  /** Why an event with such a workload and plan is none of this build, if it is not. */
  Optional<Objection> contradiction(String workload, Optional<BuildPlan> plan) {
    String own = record.request().workload();
    if (!own.equals(workload)) {
      return Optional.of(Objection.notAsRequested("the workload", build, own, workload));
    }
    return plan.filter(claimed -> !claimed.equals(record.plan()))
        .map(claimed -> Objection.notAsRequested("the plan", build, record.plan(), claimed));
  }

  /**
   * Why Kaniko would get something else by such an input than was asked for, if it would.
   *
   * @param dockerfileKey of the Dockerfile that belongs in it
   */
  public Optional<Objection> contradiction(RunInput claimed, String dockerfileKey) {
    Optional<RunInput> pinned =
        record.input(build, service).map(input -> input.withDockerfileKey(dockerfileKey));
    if (pinned.isEmpty()) {
      return Optional.of(
          Objection.notAsRequested(
              "what becomes of service " + service.name(), build, "another tag", "a build"));
    }
    RunInput own = pinned.get();
    if (!own.sourceKey().equals(claimed.sourceKey())) {
      return Optional.of(
          Objection.foreignKey("sourceKey", build, own.sourceKey(), claimed.sourceKey()));
    }
    if (!own.dockerfileKey().equals(claimed.dockerfileKey())) {
      return Optional.of(
          Objection.foreignKey(
              "dockerfileKey", build, own.dockerfileKey(), claimed.dockerfileKey()));
    }
    return own.equals(claimed)
        ? Optional.empty()
        : Optional.of(Objection.notAsRequested("the input", build, shape(own), shape(claimed)));
  }

  /** Without build arguments, whose values are nobody's business. */
  private static String shape(RunInput input) {
    return "context %s, dockerfile %s, target %s, auto %s, arguments %s"
        .formatted(
            input.context(),
            input.dockerfile(),
            input.target().orElse("-"),
            input.auto(),
            input.buildArgs().keySet());
  }
}
