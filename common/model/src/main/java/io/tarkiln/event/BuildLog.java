package io.tarkiln.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tarkiln.build.NameSyntax;
import java.util.List;
import java.util.Optional;

/**
 * Some lines of Kaniko's output, or one that a stage says meanwhile, such as how far a long push
 * is.
 *
 * @param firstLine number of the first of them, from 1: a reader orders and drops what comes twice;
 *     0 for what is not part of the log
 */
public record BuildLog(String workload, String service, long firstLine, List<String> lines)
    implements ServiceEventData {
  public BuildLog {
    NameSyntax.name("workload", NameSyntax.text("workload", workload));
    NameSyntax.name("service", NameSyntax.text("service", service));
    if (firstLine < 0) {
      throw new IllegalArgumentException("firstLine is below 0");
    }
    lines = List.copyOf(NameSyntax.present("lines", lines));
  }

  /** What a stage says meanwhile; not part of the log. */
  public static BuildLog beside(String workload, String service, String line) {
    return new BuildLog(workload, service, 0, List.of(line));
  }

  @JsonIgnore
  @Override
  public Optional<String> subject() {
    // Two stages may say something; the same said twice is one fact.
    String said = firstLine == 0 ? "-" + Integer.toHexString(lines.hashCode()) : "";
    return Optional.of(service + "/" + firstLine + said);
  }
}
