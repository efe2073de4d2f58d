package io.tarkiln.cli.view;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.EventReader;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.event.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds builds in the topics. */
public record BuildHistory(KafkaAccess kafka) {
  /**
   * Everything published so far of a build, log lines apart.
   *
   * @throws CliException when there is nothing
   */
  public BuildView of(BuildId build) throws CliException {
    return of(build, BuildView.typesWithoutLogs());
  }

  /** The same of these types of event. */
  public BuildView of(BuildId build, EventType... types) throws CliException {
    BuildView view = new BuildView(build);
    try (EventReader reader = EventReader.ofBuild(kafka, build, types)) {
      read(reader, view);
    }
    if (view.isOnlyRequested()) {
      try (EventReader reader = EventReader.ofOldBuild(kafka, build, types)) {
        read(reader, view);
      }
    }
    if (!view.isKnown()) {
      throw new CliException(
          CliException.FAILED,
          "no build %s in the topics of %s: it never was, or its records have expired"
              .formatted(build, kafka.connection().settings().kafka()));
    }
    return view;
  }

  private static void read(EventReader reader, BuildView view) {
    reader.readToEnd(
        event -> {
          view.apply(event);
          return true;
        });
  }

  /** Everything published so far of several builds, each with its request. */
  public List<BuildView> of(List<BuildId> ids) throws CliException {
    List<BuildView> builds = new ArrayList<>();
    for (BuildId build : ids) {
      BuildView view = of(build);
      if (view.request().isEmpty()) {
        throw new CliException(
            CliException.FAILED,
            "the request of build %s is not in the topic any more: publish it anew"
                .formatted(build));
      }
      builds.add(view);
    }
    return builds;
  }

  /** The builds that were requested within this time, the oldest first. */
  public List<BuildView> since(Duration time, BuildFilter filter) throws CliException {
    Map<BuildId, BuildView> builds = new TreeMap<>();
    try (EventReader reader =
        EventReader.since(
            kafka,
            Instant.now().minus(time),
            EventType.BUILD_REQUESTED,
            EventType.SOURCE_CHECKED_OUT,
            EventType.BUILD_FINISHED)) {
      reader.readToEnd(
          event -> {
            builds.computeIfAbsent(event.build(), BuildView::new).apply(event);
            return true;
          });
    }
    return builds.values().stream().filter(filter::matches).toList();
  }
}
