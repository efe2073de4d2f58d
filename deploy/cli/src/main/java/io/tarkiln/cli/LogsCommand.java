package io.tarkiln.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.EventReader;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildHistory;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.cli.view.ServiceView;
import io.tarkiln.event.BuildLog;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code logs} command: prints Kaniko's output. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints Kaniko's output.",
      "It comes from S3 once the build has ended, else from the topic as far as it has come."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln logs 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071 --service api",
      "  tarkiln logs 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071 --follow"
    })
final class LogsCommand implements Callable<Integer> {
  private static final Duration MAX_FOLLOW = Duration.ofHours(24);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "BUILD_ID", description = "the build")
  private BuildId build;

  @Option(names = "--service", paramLabel = "NAME", description = "only of this service")
  private Optional<String> service = Optional.empty();

  @Option(names = "--follow", description = "go on until the build has finished")
  private boolean follow;

  private final Map<String, Long> printed = new HashMap<>();

  @Override
  public Integer call() throws CliException, UnavailableException, IOException {
    UserSettings connection = UserSettings.ofUser();
    KafkaAccess kafka = new KafkaAccess(connection);
    BuildView view = new BuildHistory(kafka).of(build);
    List<String> services =
        view.services().stream()
            .map(ServiceView::name)
            .filter(name -> service.isEmpty() || service.get().equals(name))
            .toList();
    if (services.isEmpty()) {
      throw new CliException(
          CliException.FAILED, "build %s has no service '%s'".formatted(build, service.orElse("")));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (view.hasEnded()) {
      fromStore(connection, services, out);
    } else {
      fromTopic(kafka, services, out);
    }
    return 0;
  }

  private void fromStore(UserSettings connection, List<String> services, PrintWriter out)
      throws UnavailableException, IOException {
    try (ObjectStore store = ObjectStore.connect(connection.settings())) {
      for (String name : services) {
        Optional<InputStream> log = store.open(ObjectKeys.log(build, name));
        if (log.isPresent()) {
          try (BufferedReader lines = new BufferedReader(new InputStreamReader(log.get(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              print(out, services, name, line);
            }
          }
        }
      }
    }
    out.flush();
  }

  private void fromTopic(KafkaAccess kafka, List<String> services, PrintWriter out)
      throws CliException {
    try (EventReader reader =
        EventReader.ofBuild(kafka, build, EventType.BUILD_LOG, EventType.BUILD_FINISHED)) {
      EventReader.Handler handler = event -> print(event, services, out);
      if (follow) {
        reader.follow(Instant.now().plus(MAX_FOLLOW), handler, out::flush);
      }
      reader.readToEnd(handler);
    }
    out.flush();
  }

  /** Prints the lines that were not printed yet; false once the build has finished. */
  private boolean print(Event<?> event, List<String> services, PrintWriter out) {
    if (!event.build().equals(build)) {
      return true;
    }
    if (event.data() instanceof BuildLog log && services.contains(log.service())) {
      long number = log.firstLine();
      for (String line : log.lines()) {
        if (number > printed.getOrDefault(log.service(), 0L)) {
          print(out, services, log.service(), line);
          printed.put(log.service(), number);
        }
        number++;
      }
    }
    return event.type() != EventType.BUILD_FINISHED;
  }

  private static void print(PrintWriter out, List<String> services, String name, String line) {
    out.println((services.size() == 1 ? "" : name + " | ") + Printable.line(line));
  }
}
