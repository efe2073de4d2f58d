package io.tarkiln.cli.view;

import io.tarkiln.event.BuildLog;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.ImagePushed;
import io.tarkiln.event.ServiceEventData;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The state of one service of a build as known from its events. */
public final class ServiceView {
  private final String name;
  private final Map<EventType, Instant> reached = new TreeMap<>();
  private Optional<DockerfileRewritten> rewritten = Optional.empty();
  private Optional<ImageBuilt> built = Optional.empty();
  private Optional<ImagePushed> pushed = Optional.empty();
  private String lastLine = "";

  ServiceView(String name) {
    this.name = name;
  }

  void apply(Event<? extends ServiceEventData> event) {
    if (event.data() instanceof BuildLog log) {
      log.lines().stream()
          .filter(line -> !line.isBlank())
          .reduce((earlier, later) -> later)
          .ifPresent(line -> lastLine = line);
      return;
    }
    reached.putIfAbsent(event.type(), event.time());
    if (event.data() instanceof DockerfileRewritten data) {
      rewritten = Optional.of(data);
    } else if (event.data() instanceof ImageBuilt data) {
      built = Optional.of(data);
    } else if (event.data() instanceof ImagePushed data) {
      pushed = Optional.of(data);
    }
  }

  public String name() {
    return name;
  }

  /** The furthest stage it has reached, by its topic's name. */
  String stage() {
    return reached.keySet().stream()
        .reduce((earlier, later) -> later)
        .map(EventType::topic)
        .orElse("waiting");
  }

  /** When it reached each stage. */
  Map<EventType, Instant> reached() {
    return reached;
  }

  Optional<DockerfileRewritten> rewritten() {
    return rewritten;
  }

  Optional<ImageBuilt> built() {
    return built;
  }

  Optional<ImagePushed> pushed() {
    return pushed;
  }

  /** The last line of Kaniko's output that is not blank. */
  String lastLine() {
    return lastLine;
  }
}
