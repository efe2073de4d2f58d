package io.tarkiln.event;

import io.tarkiln.build.Grammar;
import java.util.List;
import java.util.Optional;

/**
 * The edited Dockerfile of a service is in S3.
 *
 * @param baseImages every operand that names an image, in the order of the file
 * @param problem why nothing could be edited, when the file is not understood
 */
public record DockerfileRewritten(
    String workload,
    String service,
    BuildPlan plan,
    BuildInput input,
    List<BaseImage> baseImages,
    Optional<String> problem)
    implements ServiceEventData {
  public DockerfileRewritten {
    Grammar.name("workload", Grammar.text("workload", workload));
    Grammar.name("service", Grammar.text("service", service));
    Grammar.present("plan", plan);
    Grammar.present("input", input);
    baseImages = baseImages == null ? List.of() : List.copyOf(baseImages);
    problem = problem == null ? Optional.empty() : problem;
  }

  @Override
  public Optional<BuildPlan> buildPlan() {
    return Optional.of(plan);
  }
}
