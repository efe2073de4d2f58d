package io.tarkiln.event;

import java.util.Optional;

/**
 * A person or a newer build asks to stop a build.
 *
 * @param workload may be empty: the build id says which build
 * @param message why, for people
 */
public record BuildCancelRequested(String workload, Optional<String> message) implements EventData {
  public BuildCancelRequested {
    workload = workload == null ? "" : workload;
    message = message == null ? Optional.empty() : message;
  }
}
