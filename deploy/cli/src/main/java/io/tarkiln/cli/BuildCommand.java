package io.tarkiln.cli;

import io.tarkiln.cli.request.RequestEvents;
import io.tarkiln.cli.request.RequestOptions;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildFollower;
import io.tarkiln.cli.view.BuildRenderer;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.cli.view.GitHubAnnotations;
import io.tarkiln.cli.view.MarkdownSummary;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code build} command: requests a build and waits for its end. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Requests a build, shows it as it happens and waits for its end.",
      "Inside GitHub Actions and GitLab CI repository, revision and tag come from the job."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln build --workload shop --tag 1.4.0 --revision refs/tags/1.4.0 \\",
      "    --repository https://git.example/shop.git --service api=services/api \\",
      "    --service web=services/web:docker/web.Dockerfile \\",
      "    --build-arg api:VERSION=1.4.0",
      "  tarkiln build --file tarkiln.yaml --tag dev --repository . --revision HEAD",
      "  tarkiln build --file tarkiln.yaml --auto --concurrency main",
      "  USE_CACHE=false tarkiln build --file tarkiln.yaml",
      "",
      "A tarkiln.yaml:",
      "  workload: shop",
      "  repository: https://git.example/shop.git",
      "  services:",
      "    - {name: api, context: services/api, build-args: {VERSION: 1.4.0}}",
      "    - {name: web, context: services/web, target: runtime}"
    })
final class BuildCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private RequestOptions request;
  @Mixin private OutputOption output;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "how long to wait, such as 30m; the build goes on (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "add the outcome to this file, as Markdown")
  private Optional<Path> summary = Optional.empty();

  @Option(
      names = "--annotations",
      description = "print warnings and failures as GitHub Actions' annotations, too")
  private boolean annotations;

  @Override
  public Integer call() throws CliException {
    KafkaAccess kafka = new KafkaAccess(UserSettings.ofUser());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Event<?> event = RequestEvents.event(request.request(System.getenv()));
    kafka.publish(event);
    Thread onInterrupt = new Thread(() -> printHowToWatch(err, event), "print-how-to-watch");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    err.println("build " + event.build());
    err.flush();
    BuildView view =
        new BuildFollower(
                kafka, BuildRenderer.progress(output.isJson() ? err : out, output.isJson()))
            .follow(event.build(), timeout);
    Runtime.getRuntime().removeShutdownHook(onInterrupt);
    if (summary.isPresent()) {
      MarkdownSummary.append(summary.get(), view);
    }
    int exit = BuildRenderer.end(view, output.isJson(), out, err);
    if (annotations) {
      GitHubAnnotations.print(view, output.isJson() ? err : out); // the runner reads both
    }
    return exit;
  }

  private static void printHowToWatch(PrintWriter err, Event<?> event) {
    err.println("the build goes on: tarkiln watch " + event.build());
    err.flush();
  }
}
