package io.tarkiln.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tarkiln.build.Grammar;
import java.util.List;
import java.util.Optional;

/**
 * Some lines of Kaniko's output.
 *
 * @param firstLine number of the first of them, from 1: a reader orders and drops what comes twice
 */
public record BuildLog(String workload, String service, long firstLine, List<String> lines)
    implements ServiceEventData {
  public BuildLog {
    Grammar.name("workload", Grammar.text("workload", workload));
    Grammar.name("service", Grammar.text("service", service));
    if (firstLine < 1) {
      throw new IllegalArgumentException("firstLine is missing or below 1");
    }
    lines = List.copyOf(Grammar.present("lines", lines));
  }

  @JsonIgnore
  @Override
  public Optional<String> subject() {
    return Optional.of(service + "/" + firstLine);
  }
}
