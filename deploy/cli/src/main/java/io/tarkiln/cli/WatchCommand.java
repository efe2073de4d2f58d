package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.EventReader;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildFollower;
import io.tarkiln.cli.view.BuildHistory;
import io.tarkiln.cli.view.BuildJson;
import io.tarkiln.cli.view.BuildProgress;
import io.tarkiln.cli.view.BuildRenderer;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.cli.view.JsonProgress;
import io.tarkiln.cli.view.PlainProgress;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code watch} command: shows builds as they happen. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows one build until its end, or all builds until Ctrl-C.",
      "The exit code is that of the build. With -o json there is one JSON document a line: the"
          + " build at its end, or each event of all builds."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln watch",
      "  tarkiln watch 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071",
      "  tarkiln watch -o json --timeout 8h"
    })
final class WatchCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(arity = "0..1", paramLabel = "BUILD_ID", description = "the build; all by default")
  private Optional<BuildId> build = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "how long to watch (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Override
  public Integer call() throws CliException {
    KafkaAccess kafka = new KafkaAccess(UserSettings.ofUser());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (build.isPresent()) {
      return watchOne(kafka, build.get(), out, err);
    }
    watchAll(kafka, out);
    return 0;
  }

  private int watchOne(KafkaAccess kafka, BuildId one, PrintWriter out, PrintWriter err)
      throws CliException {
    new BuildHistory(kafka).of(one);
    PrintWriter to = output.isJson() ? err : out;
    BuildView view =
        new BuildFollower(kafka, BuildRenderer.progress(to, output.isJson())).follow(one, timeout);
    if (output.isJson()) {
      OutputOption.jsonLine(out, BuildJson.of(view));
      return CliException.exit(view.outcome().orElseThrow().outcome());
    }
    return BuildRenderer.end(view, false, out, err);
  }

  private void watchAll(KafkaAccess kafka, PrintWriter out) throws CliException {
    Map<BuildId, BuildView> builds = new HashMap<>();
    BuildProgress progress =
        output.isJson() ? new JsonProgress(out) : new PlainProgress(out, false, true);
    EventType[] types = BuildView.typesWithoutLogs();
    try (EventReader reader = EventReader.since(kafka, Instant.now(), types)) {
      reader.follow(
          Instant.now().plus(timeout),
          event -> {
            show(builds, event, progress);
            return true;
          },
          out::flush);
    }
  }

  private static void show(Map<BuildId, BuildView> builds, Event<?> event, BuildProgress progress) {
    BuildView view = builds.computeIfAbsent(event.build(), BuildView::new);
    if (view.apply(event)) {
      progress.show(view, event);
      if (view.hasEnded()) {
        builds.remove(event.build());
      }
    }
  }
}
