package io.tarkiln.cli.trial;

import io.tarkiln.cli.request.RequestEvents;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildFollower;
import io.tarkiln.cli.view.BuildRenderer;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.cli.view.PlainProgress;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.Event;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The {@code try} command: builds a sample workload in a stack of its own on this machine. */
@Command(
    name = "try",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Builds a sample workload in a stack of its own on this machine.",
      "It starts Kafka, S3, a registry and the four services, builds two services with the real"
          + " Kaniko, pushes their images, shows each step, and stops everything. The state is"
          + " kept, so that a second run finds caches."
    },
    footer = {"", "Examples:", "  tarkiln try", "  tarkiln try --state /tmp/tarkiln-try"})
public final class TryCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "where the stack keeps everything; by default in ~/.local/state/tarkiln-try")
  private Optional<Path> state = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "how long to wait for the build (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Override
  public Integer call() throws CliException, IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path home = SampleWorkload.home();
    Path folder = state.orElseGet(TryCommand::defaultState).toAbsolutePath();
    out.println("starting Kafka, S3, a registry and the four services (state in " + folder + ")");
    out.flush();
    try (StackProcess stack = StackProcess.start(home, folder)) {
      out.println("they are up: " + stack.addresses());
      UserSettings connection = UserSettings.of(stack.environment());
      SampleWorkload sample = SampleWorkload.make(home, folder.resolve("shop"));
      out.printf("sample: %s at %s%n%n", sample.url(), sample.commit().substring(0, 12));
      KafkaAccess kafka = new KafkaAccess(connection);
      Event<BuildRequested> event = RequestEvents.event(request(sample));
      kafka.publish(event);
      BuildView view =
          new BuildFollower(kafka, new PlainProgress(out, false, false))
              .follow(event.build(), timeout);
      int exit = BuildRenderer.end(view, false, out, err);
      if (exit == 0) {
        out.printf("%nlogs of every run are kept; next: deploy/tarkiln up, then build --help%n");
      }
      out.flush();
      return exit;
    }
  }

  private static Path defaultState() {
    return Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
        .filter(home -> !home.isBlank())
        .map(Path::of)
        .orElse(Path.of(System.getProperty("user.home"), ".local", "state"))
        .resolve("tarkiln-try");
  }

  private static BuildRequested request(SampleWorkload sample) {
    return new BuildRequested(
        "shop",
        "1.0.0",
        List.of("latest"),
        new BuildRequested.Source(sample.url(), "main"),
        List.of(service("api", Map.of("VERSION", "1.0.0")), service("web", Map.of())),
        true,
        true);
  }

  private static RequestedService service(String name, Map<String, String> buildArgs) {
    return new RequestedService(
        name, "services/" + name, "", buildArgs, Optional.empty(), Optional.empty());
  }
}
