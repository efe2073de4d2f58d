package io.tarkiln.cli;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildFilter;
import io.tarkiln.cli.view.BuildHistory;
import io.tarkiln.cli.view.BuildJson;
import io.tarkiln.cli.view.BuildRenderer;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.event.BuildFinished;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code list} command: lists recent builds. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists builds, the oldest first.",
    footer = {
      "",
      "Examples:",
      "  tarkiln list",
      "  tarkiln list --since 2d --workload shop --failed"
    })
final class ListCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "how far back (default: ${DEFAULT-VALUE})")
  private Duration since;

  @Option(names = "--workload", paramLabel = "NAME", description = "only of this workload")
  private Optional<String> workload = Optional.empty();

  @Option(names = "--failed", description = "only builds that failed")
  private boolean failed;

  @Override
  public Integer call() throws CliException {
    List<BuildView> builds =
        new BuildHistory(new KafkaAccess(UserSettings.ofUser()))
            .since(since, new BuildFilter(workload, failed));
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      // Without services, whose events are not read for so many builds.
      OutputOption.json(out, builds.stream().map(BuildJson::summary).toList());
    } else {
      print(builds, out);
    }
    return 0;
  }

  private static void print(List<BuildView> builds, PrintWriter out) {
    String row = "%-36s  %-24s  %-20s  %-10s  %7s  %s%n";
    out.printf(row, "BUILD", "IMAGE TAG", "STARTED", "OUTCOME", "SECONDS", "WHY");
    for (BuildView view : builds) {
      out.printf(
          row,
          view.build(),
          Printable.line(
              view.request().map(data -> data.workload() + ":" + data.tag()).orElse(""), 24),
          view.build().start().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
          view.outcome().map(outcome -> outcome.outcome().wire()).orElse("running"),
          "%.1f".formatted(BuildRenderer.seconds(view)),
          view.outcome()
              .flatMap(BuildFinished::message)
              .map(message -> Printable.line(message, 100))
              .orElse(""));
    }
    out.flush();
  }
}
