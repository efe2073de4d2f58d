package io.tarkiln.kaniko;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.store.ObjectKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes runs for tests. */
public final class SampleRuns {
  /** A git tree id, of no tree in particular. */
  public static final String TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

  private SampleRuns() {}

  /** A run of service api of workload shop with everything on. */
  public static KanikoRun of(BuildId build, RunInput input) {
    return of(build, "api", input, true, true);
  }

  public static KanikoRun of(
      BuildId build, String service, RunInput input, boolean cache, boolean mirror) {
    BuildPlan plan =
        new BuildPlan(
            "1.4.0",
            List.of(),
            List.of(service),
            "https://git.example/shop.git",
            "main",
            TREE,
            cache,
            mirror);
    return new KanikoRun(
        Event.first(
            build,
            "dockerfile-rewriter",
            new DockerfileRewritten("shop", service, plan, input, List.of(), Optional.empty())));
  }

  /** An input whose source has this key. */
  public static RunInput input(
      BuildId build, String sourceKey, Map<String, String> arguments, Optional<String> target) {
    return new RunInput(
        sourceKey,
        "services/api",
        "services/api/Dockerfile",
        ObjectKeys.rewrittenDockerfile(build, "api"),
        arguments,
        target);
  }
}
