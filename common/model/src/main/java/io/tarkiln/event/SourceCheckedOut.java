package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
import java.util.Optional;

/** Build context and Dockerfile of a service are in S3, and the commit is pinned. */
public record SourceCheckedOut(String workload, String service, BuildPlan plan, RunInput input)
    implements ServiceEventData {
  public SourceCheckedOut {
    NameSyntax.name("workload", NameSyntax.text("workload", workload));
    NameSyntax.name("service", NameSyntax.text("service", service));
    NameSyntax.present("plan", plan);
    NameSyntax.present("input", input);
  }

  @Override
  public Optional<BuildPlan> buildPlan() {
    return Optional.of(plan);
  }
}
