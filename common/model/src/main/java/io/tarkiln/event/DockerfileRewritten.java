package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
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
    RunInput input,
    List<BaseImage> baseImages,
    Optional<String> problem,
    List<Warning> warnings)
    implements ServiceEventData {
  public DockerfileRewritten {
    NameSyntax.name("workload", NameSyntax.text("workload", workload));
    NameSyntax.name("service", NameSyntax.text("service", service));
    NameSyntax.present("plan", plan);
    NameSyntax.present("input", input);
    baseImages = baseImages == null ? List.of() : List.copyOf(baseImages);
    problem = problem == null ? Optional.empty() : problem;
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** A Dockerfile that the engine builds as it says. */
  public DockerfileRewritten(
      String workload,
      String service,
      BuildPlan plan,
      RunInput input,
      List<BaseImage> baseImages,
      Optional<String> problem) {
    this(workload, service, plan, input, baseImages, problem, List.of());
  }

  @Override
  public Optional<BuildPlan> buildPlan() {
    return Optional.of(plan);
  }
}
