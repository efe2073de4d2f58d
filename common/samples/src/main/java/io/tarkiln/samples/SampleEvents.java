package io.tarkiln.samples;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.BuildRequested.Source;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.store.ObjectKeys;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Events of a build with tag 1 of {@code https://git.example/shop.git}, unless told otherwise. */
public final class SampleEvents {
  public static final String COMMIT = "4f2c1e9a".repeat(5);
  private static final String REPOSITORY = "https://git.example/shop.git";

  private SampleEvents() {}

  /** What the services of a build have in common. */
  public static BuildPlan plan(String... services) {
    return plan(COMMIT, true, true, services);
  }

  public static BuildPlan plan(String commit, boolean cache, boolean mirror, String... services) {
    return new BuildPlan(
        "1", List.of(), List.of(services), REPOSITORY, "main", commit, cache, mirror);
  }

  public static BuildPlan planTagged(String tag, List<String> extraTags, String... services) {
    return new BuildPlan(tag, extraTags, List.of(services), REPOSITORY, "main", COMMIT, true, true);
  }

  /** A new build. */
  public static Event<BuildRequested> request(String workload, String... services) {
    return Event.first(
        BuildId.next(), "cli", requested(workload, new Source(REPOSITORY, "main"), services));
  }

  /**
   * What is asked for.
   *
   * @param services written {@code name}, {@code name=context} or {@code name=context:dockerfile}
   */
  public static BuildRequested requested(String workload, Source source, String... services) {
    return new BuildRequested(
        workload,
        "1",
        List.of(),
        source,
        Arrays.stream(services).map(SampleEvents::service).toList(),
        true,
        true);
  }

  private static RequestedService service(String text) {
    String[] parts = text.split("[=:]");
    return new RequestedService(
        parts[0],
        parts.length > 1 ? parts[1] : ".",
        parts.length > 2 ? parts[2] : "",
        Map.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** Its service {@code api}, checked out. */
  public static Event<SourceCheckedOut> checkedOut(Event<BuildRequested> request) {
    return request.next(
        "checkout-worker",
        new SourceCheckedOut(request.data().workload(), "api", plan("api"), input(request)));
  }

  public static RunInput input(Event<BuildRequested> request) {
    return new RunInput(
        ObjectKeys.source(request.data().workload(), COMMIT),
        ".",
        "Dockerfile",
        ObjectKeys.dockerfile(request.build(), "api"),
        Map.of(),
        Optional.empty());
  }

  /** A service whose tar is where it belongs. */
  public static Event<ImageBuilt> built(
      BuildId build, String workload, String service, BuildPlan plan) {
    return Event.first(
        build,
        "build-submitter",
        new ImageBuilt(
            workload,
            service,
            plan,
            Optional.of(ObjectKeys.imageTar(build, service)),
            1,
            List.of(),
            Optional.empty(),
            Optional.empty()));
  }
}
