package io.tarkiln.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Optional;

/** The JSON data of an event, one record per topic. */
public sealed interface EventData
    permits BuildRequested, BuildCancelRequested, BuildFinished, ServiceEventData {
  /** The workload that is built. */
  String workload();

  /** What the event id ends in, after build id and topic, so that each fact has its own id. */
  @JsonIgnore
  default Optional<String> subject() {
    return Optional.empty();
  }
}
