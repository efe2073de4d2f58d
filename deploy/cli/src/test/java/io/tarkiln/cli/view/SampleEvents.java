package io.tarkiln.cli.view;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.store.ObjectKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A build of one service in its first events. */
public final class SampleEvents {
  public static final String COMMIT = "4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a";

  public static final BuildPlan PLAN =
      new BuildPlan(
          "1",
          List.of(),
          List.of("api"),
          "https://git.example/shop.git",
          "main",
          COMMIT,
          true,
          true);

  private SampleEvents() {}

  /** A new build of a workload. */
  public static Event<BuildRequested> requestOf(String workload) {
    return Event.first(
        BuildId.next(),
        "cli",
        new BuildRequested(
            workload,
            "1",
            List.of(),
            new BuildRequested.Source("https://git.example/shop.git", "main"),
            List.of(
                new BuildRequested.RequestedService(
                    "api", ".", "Dockerfile", Map.of(), Optional.empty(), Optional.empty())),
            true,
            true));
  }

  public static Event<SourceCheckedOut> checkedOut(Event<BuildRequested> request) {
    String workload = request.data().workload();
    return request.next(
        "checkout-worker", new SourceCheckedOut(workload, "api", PLAN, input(request)));
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
}
