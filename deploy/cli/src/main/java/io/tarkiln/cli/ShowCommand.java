package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.BuildHistory;
import io.tarkiln.cli.view.BuildJson;
import io.tarkiln.cli.view.BuildRenderer;
import io.tarkiln.cli.view.BuildView;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The {@code show} command: shows one build. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows one build and what has become of it.",
      "That is the request and the commit, what each service has reached and when, its base images"
          + " before and after, digests, and the outcome."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln show 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071",
      "  tarkiln show -o json 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071"
    })
final class ShowCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "BUILD_ID", description = "the build")
  private BuildId build;

  @Override
  public Integer call() throws CliException {
    BuildView view = new BuildHistory(new KafkaAccess(UserSettings.ofUser())).of(build);
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.json(out, BuildJson.of(view));
    } else {
      BuildRenderer.text(view, out);
    }
    return 0;
  }
}
