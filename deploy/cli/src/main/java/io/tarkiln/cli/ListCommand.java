package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.EventType;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists recent builds. */
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
      converter = DurationConverter.class,
      description = "how far back (default: ${DEFAULT-VALUE})")
  private Duration since;

  @Option(names = "--workload", paramLabel = "NAME", description = "only of this workload")
  private String workload;

  @Option(names = "--failed", description = "only builds that failed")
  private boolean failed;

  @Override
  public Integer call() throws CliException {
    Map<BuildId, BuildView> views = new TreeMap<>();
    KafkaAccess kafka = new KafkaAccess(Connection.ofUser());
    Instant moment = Instant.now().minus(since);
    try (EventReader reader =
        EventReader.since(kafka, moment, EventType.BUILD_REQUESTED, EventType.BUILD_FINISHED)) {
      reader.readToEnd(
          event -> views.computeIfAbsent(event.build(), BuildView::new).take(event) || true);
    }
    List<BuildView> chosen = views.values().stream().filter(this::isChosen).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.json(out, chosen.stream().map(Views::json).toList());
    } else {
      print(chosen, out);
    }
    return 0;
  }

  private boolean isChosen(BuildView view) {
    boolean ofWorkload =
        workload == null
            || view.request().map(request -> request.workload().equals(workload)).orElse(false);
    boolean ofOutcome =
        !failed
            || view.outcome()
                .map(outcome -> outcome.outcome() == BuildFinished.Outcome.FAILED)
                .orElse(false);
    return view.request().isPresent() && ofWorkload && ofOutcome;
  }

  private static void print(List<BuildView> views, PrintWriter out) {
    String row = "%-36s  %-24s  %-20s  %-10s  %7s  %s%n";
    out.printf(row, "BUILD", "IMAGE TAG", "STARTED", "OUTCOME", "SECONDS", "WHY");
    for (BuildView view : views) {
      out.printf(
          row,
          view.build(),
          Printable.line(
              view.request().map(data -> data.workload() + ":" + data.tag()).orElse(""), 24),
          view.build().start().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
          view.outcome().map(outcome -> outcome.outcome().wire()).orElse("running"),
          "%.1f".formatted(Views.seconds(view)),
          view.outcome()
              .flatMap(BuildFinished::message)
              .map(message -> Printable.line(message, 100))
              .orElse(""));
    }
    out.flush();
  }
}
