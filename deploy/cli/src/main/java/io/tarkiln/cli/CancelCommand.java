package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.request.RequestEvents;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildHistory;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code cancel} command: requests that a build stops. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Stops a build, wherever it is.",
      "It ends as cancelled and nothing is tagged, unless it ends by itself first."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln cancel 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071",
      "  tarkiln cancel 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071 --message 'wrong tag'"
    })
final class CancelCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "BUILD_ID", description = "the build")
  private BuildId build;

  @Option(names = "--message", paramLabel = "TEXT", description = "why, for people")
  private Optional<String> message = Optional.empty();

  @Override
  public Integer call() throws CliException {
    KafkaAccess kafka = new KafkaAccess(UserSettings.ofUser());
    BuildView view = new BuildHistory(kafka).of(build);
    Optional<BuildFinished> outcome = view.outcome();
    if (outcome.isPresent()) {
      throw new CliException(
          CliException.FAILED,
          "build %s has ended already: %s".formatted(build, outcome.get().outcome().wire()));
    }
    String workload = view.request().map(BuildRequested::workload).orElse("");
    kafka.publish(RequestEvents.cancel(build, new BuildCancelRequested(workload, message)));
    PrintWriter err = spec.commandLine().getErr();
    err.printf("requested to stop build %s; see how it ends: tarkiln watch %1$s%n", build);
    err.flush();
    return 0;
  }
}
