package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.request.RequestEvents;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildFilter;
import io.tarkiln.cli.view.BuildHistory;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The {@code replay} command: publishes past requests again. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Publishes past requests again, each as a new build.",
      "It builds the commit that the old build was of, unless --latest-revision is given."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln replay 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071",
      "  tarkiln replay --since 2h --workload shop --failed",
      "  tarkiln replay --since 1d --failed --dry-run",
      "  tarkiln watch $(tarkiln replay 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071)"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int MAX_UNCONFIRMED = 20;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(arity = "0..*", paramLabel = "BUILD_ID", description = "the builds to build again")
  private List<BuildId> builds = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "instead of ids: every build requested since then, such as 2h or 1d")
  private Optional<Duration> since = Optional.empty();

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      description = "with --since: only of this workload")
  private Optional<String> workload = Optional.empty();

  @Option(names = "--failed", description = "with --since: only builds that failed")
  private boolean failed;

  @Option(
      names = "--latest-revision",
      description = "build what the branch or tag means now, not the commit of the old build")
  private boolean latest;

  @Option(names = "--dry-run", description = "show what would be built, publish nothing")
  private boolean dryRun;

  @Option(
      names = "--yes",
      description = "do not ask before more than " + MAX_UNCONFIRMED + " builds")
  private boolean yes;

  @Override
  public Integer call() throws CliException {
    checkUsage();
    KafkaAccess kafka = new KafkaAccess(UserSettings.ofUser());
    BuildHistory history = new BuildHistory(kafka);
    List<BuildView> past =
        since.isPresent()
            ? history.since(since.get(), new BuildFilter(workload, failed))
            : history.of(builds);
    List<Event<BuildRequested>> rebuilds =
        past.stream().map(view -> RequestEvents.rebuild(view, latest)).toList();
    if (!dryRun) {
      confirm(rebuilds.size());
      kafka.publishAll(rebuilds);
    }
    print(rebuilds);
    return 0;
  }

  private void checkUsage() {
    if (builds.isEmpty() == since.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "give build ids, or --since");
    }
    if (since.isEmpty() && (workload.isPresent() || failed)) {
      throw new ParameterException(spec.commandLine(), "--workload and --failed go with --since");
    }
  }

  private void confirm(int count) throws CliException {
    if (count <= MAX_UNCONFIRMED || yes) {
      return;
    }
    if (System.console() == null) {
      throw new CliException(
          CliException.WRONG_USAGE,
          "%d builds would be built again: add --yes, or --dry-run to see them".formatted(count));
    }
    String answer = System.console().readLine("Build %d builds again? [y/N] ", count);
    if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
      throw new CliException(CliException.FAILED, "nothing was published");
    }
  }

  /** The new ids on stdout, for other commands to take; what they are on stderr. */
  private void print(List<Event<BuildRequested>> rebuilds) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (output.isJson()) {
      OutputOption.json(out, rebuilds.stream().map(this::json).toList());
      return;
    }
    for (Event<BuildRequested> event : rebuilds) {
      BuildRequested request = event.data();
      err.println(
          Printable.line(
              "%s:%s at %s, again after %s"
                  .formatted(
                      request.workload(),
                      request.tag(),
                      request.source().revision(),
                      event.rebuildOf().orElseThrow())));
      if (!dryRun) {
        out.println(event.build());
      }
    }
    err.printf(
        "%d %s %s%n",
        rebuilds.size(),
        rebuilds.size() == 1 ? "build" : "builds",
        dryRun ? "would be published" : "published");
    err.flush();
    out.flush();
  }

  private Map<String, Object> json(Event<BuildRequested> event) {
    Map<String, Object> one = new LinkedHashMap<>();
    if (!dryRun) {
      one.put("build", event.build());
    }
    one.put("rebuildOf", event.rebuildOf().orElseThrow());
    one.put("request", event.data());
    return one;
  }
}
