package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.EventType;

/** Reads what the topics hold of a build. */
final class KnownBuilds {
  private KnownBuilds() {}

  /**
   * Everything told so far, log lines apart.
   *
   * @throws CliException when there is nothing
   */
  static BuildView require(KafkaAccess kafka, BuildId build) throws CliException {
    return require(kafka, build, BuildView.typesWithoutLogs());
  }

  /** The same of these types of event. */
  static BuildView require(KafkaAccess kafka, BuildId build, EventType... types)
      throws CliException {
    BuildView view = new BuildView(build);
    try (EventReader reader = EventReader.ofBuild(kafka, build, types)) {
      reader.readToEnd(
          event -> {
            view.take(event);
            return true;
          });
    }
    if (!view.isKnown()) {
      throw new CliException(
          CliException.FAILED,
          "no build %s in the topics of %s: it never was, or its records have expired"
              .formatted(build, kafka.connection().settings().kafka()));
    }
    return view;
  }
}
