package io.tarkiln.kaniko;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildInput;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.store.Keys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes runs for tests. */
public final class Runs {
  /** A git tree id, of no tree in particular. */
  public static final String TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

  private Runs() {}

  /** A run of service api of workload shop with everything on. */
  public static KanikoRun of(BuildId build, BuildInput input) {
    return of(build, "api", input, true, true);
  }

  public static KanikoRun of(
      BuildId build, String service, BuildInput input, boolean cache, boolean mirror) {
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
  public static BuildInput input(
      BuildId build, String sourceKey, Map<String, String> arguments, Optional<String> target) {
    return new BuildInput(
        sourceKey,
        "services/api",
        "services/api/Dockerfile",
        Keys.rewrittenDockerfile(build, "api"),
        arguments,
        target);
  }
}
