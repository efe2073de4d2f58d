package io.tarkiln.event;

import io.tarkiln.build.Grammar;
import java.util.Optional;

/** Build context and Dockerfile of a service are in S3, and the commit is pinned. */
public record SourceCheckedOut(String workload, String service, BuildPlan plan, BuildInput input)
    implements ServiceEventData {
  public SourceCheckedOut {
    Grammar.name("workload", Grammar.text("workload", workload));
    Grammar.name("service", Grammar.text("service", service));
    Grammar.present("plan", plan);
    Grammar.present("input", input);
  }

  @Override
  public Optional<BuildPlan> buildPlan() {
    return Optional.of(plan);
  }
}
