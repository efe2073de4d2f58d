package io.tarkiln.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Optional;

/** The data of an event that is about one service of a build. */
public sealed interface ServiceEventData extends EventData
    permits SourceCheckedOut,
        DockerfileRewritten,
        BuildSubmitted,
        BuildLog,
        ImageBuilt,
        ImagePushed {
  /** The service, one image of the workload. */
  String service();

  /** What all services of the build have in common, where the event carries it. */
  default Optional<BuildPlan> buildPlan() {
    return Optional.empty();
  }

  @JsonIgnore
  @Override
  default Optional<String> subject() {
    return Optional.of(service());
  }
}
