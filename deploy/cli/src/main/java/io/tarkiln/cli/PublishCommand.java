package io.tarkiln.cli;

import io.tarkiln.cli.request.RequestEvents;
import io.tarkiln.cli.request.RequestOptions;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code publish} command: requests a build and returns at once. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Requests a build, prints its id and returns at once.",
    footer = {
      "",
      "Examples:",
      "  tarkiln publish --workload shop --tag 1.4.0 --revision main \\",
      "    --repository https://git.example/shop.git --service api=services/api",
      "  tarkiln watch $(tarkiln publish --file tarkiln.yaml)"
    })
final class PublishCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private RequestOptions request;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws CliException {
    Event<?> event = RequestEvents.event(request.request(System.getenv()));
    new KafkaAccess(UserSettings.ofUser()).publish(event);
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.json(out, Map.of("build", event.build().toString()));
    } else {
      out.println(event.build());
      out.flush();
    }
    return 0;
  }
}
