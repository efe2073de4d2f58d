package io.tarkiln.event;

import io.tarkiln.build.Grammar;
import java.util.List;
import java.util.Optional;

/**
 * The edited Dockerfile of a service is in S3.
 *
 * @param baseImages every operand that names an image, in the order of the file
 * @param problem why nothing could be edited, when the file is not understood
 * @param warnings what the engine builds otherwise than the Dockerfile says, by line
 */
public record DockerfileRewritten(
    String workload,
    String service,
    BuildPlan plan,
    BuildInput input,
    List<BaseImage> baseImages,
    Optional<String> problem,
    List<Warning> warnings)
    implements ServiceEventData {
  public DockerfileRewritten {
    Grammar.name("workload", Grammar.text("workload", workload));
    Grammar.name("service", Grammar.text("service", service));
    Grammar.present("plan", plan);
    Grammar.present("input", input);
    baseImages = baseImages == null ? List.of() : List.copyOf(baseImages);
    problem = problem == null ? Optional.empty() : problem;
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** A Dockerfile that the engine builds as it says. */
  public DockerfileRewritten(
      String workload,
      String service,
      BuildPlan plan,
      BuildInput input,
      List<BaseImage> baseImages,
      Optional<String> problem) {
    this(workload, service, plan, input, baseImages, problem, List.of());
  }

  @Override
  public Optional<BuildPlan> buildPlan() {
    return Optional.of(plan);
  }
}
