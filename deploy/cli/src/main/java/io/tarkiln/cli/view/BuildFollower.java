package io.tarkiln.cli.view;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.EventReader;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.KafkaException;

/** Reads one build's events until it has finished. */
public record BuildFollower(KafkaAccess kafka, BuildProgress progress) {
  /**
   * Follows a build.
   *
   * @return all that is known of it, with the outcome
   * @throws CliException when it has not finished in time
   */
  public BuildView follow(BuildId build, Duration limit) throws CliException {
    BuildView view = new BuildView(build);
    try (EventReader reader = EventReader.ofBuild(kafka, build, EventType.values())) {
      EventReader.Handler handler =
          event -> {
            apply(view, event);
            return !view.hasEnded();
          };
      boolean ended = reader.follow(Instant.now().plus(limit), handler, () -> progress.tick(view));
      readRest(reader, view);
      progress.end(view);
      if (!ended && !view.hasEnded()) {
        throw new CliException(
            CliException.UNREACHABLE,
            "build %s has not finished within %d s; it goes on: tarkiln watch %1$s"
                .formatted(build, limit.toSeconds()));
      }
    }
    return view;
  }

  /** What other partitions hold was published before the end, but may be read after it. */
  private void readRest(EventReader reader, BuildView view) {
    try {
      reader.readToEnd(
          event -> {
            apply(view, event);
            return true;
          });
    } catch (KafkaException lost) {
      // The outcome is what counts; what is missing is seen with `show`.
      if (!view.hasEnded()) {
        throw lost;
      }
    }
  }

  private void apply(BuildView view, Event<?> event) {
    if (view.apply(event)) {
      progress.show(view, event);
    }
  }
}
