package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.session.BuildIdConverter;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.DurationConverter;
import io.tarkiln.cli.session.EventReader;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildFollower;
import io.tarkiln.cli.view.BuildHistory;
import io.tarkiln.cli.view.BuildProgress;
import io.tarkiln.cli.view.BuildRenderer;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.cli.view.PlainProgress;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows builds as they happen. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows one build until its end, with its exit code, or all builds until Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln watch",
      "  tarkiln watch 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071"
    })
final class WatchCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "BUILD_ID",
      converter = BuildIdConverter.class,
      description = "the build; all by default")
  private BuildId build;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description = "longest wait (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Override
  public Integer call() throws CliException {
    KafkaAccess kafka = new KafkaAccess(UserSettings.ofUser());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (build != null) {
      new BuildHistory(kafka).of(build);
      PrintWriter to = output.isJson() ? err : out;
      BuildView view =
          new BuildFollower(kafka, BuildRenderer.progress(to, output.isJson()))
              .follow(build, timeout);
      return BuildRenderer.end(view, output.isJson(), out, err);
    }
    watchAll(kafka, out);
    return 0;
  }

  private void watchAll(KafkaAccess kafka, PrintWriter out) throws CliException {
    Map<BuildId, BuildView> views = new HashMap<>();
    BuildProgress progress = new PlainProgress(out, false, true);
    EventType[] types = BuildView.typesWithoutLogs();
    try (EventReader reader = EventReader.since(kafka, Instant.now(), types)) {
      reader.follow(
          Instant.now().plus(timeout),
          event -> {
            show(views, event, progress);
            return true;
          },
          out::flush);
    }
  }

  private static void show(Map<BuildId, BuildView> views, Event<?> event, BuildProgress progress) {
    BuildView view = views.computeIfAbsent(event.build(), BuildView::new);
    if (view.take(event)) {
      progress.show(view, event);
      if (view.finished().isPresent()) {
        views.remove(event.build());
      }
    }
  }
}
