package io.tarkiln.cli;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.store.ExpiryRule;
import io.tarkiln.store.ObjectStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The {@code lifecycle} command: prints or sets the bucket's expiry rules. */
@Command(
    name = "lifecycle",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints or sets the rules by which S3 deletes what builds leave.",
      "They are printed as JSON that aws and mc read. Rules of others in the bucket are left alone."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln lifecycle --apply",
      "  tarkiln lifecycle --small-days 365 > rules.json",
      "  aws s3api put-bucket-lifecycle-configuration --bucket tarkiln \\",
      "    --lifecycle-configuration file://rules.json"
    })
final class LifecycleCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--apply", description = "set them in the bucket (TARKILN_BUCKET)")
  private boolean apply;

  @Option(
      names = "--large-days",
      paramLabel = "DAYS",
      defaultValue = "7",
      description = "how long image tars and large logs are kept (default: ${DEFAULT-VALUE})")
  private int large;

  @Option(
      names = "--source-days",
      paramLabel = "DAYS",
      defaultValue = "30",
      description =
          "how long build contexts are kept after their last build (default: ${DEFAULT-VALUE})")
  private int sources;

  @Option(
      names = "--small-days",
      paramLabel = "DAYS",
      defaultValue = "90",
      description =
          "how long outcomes, digests, Dockerfiles and logs are kept, which should be longer than"
              + " topics keep their events"
              + " (default: ${DEFAULT-VALUE})")
  private int small;

  @Override
  public Integer call() throws CliException, UnavailableException {
    List<ExpiryRule> rules = ExpiryRule.of(large, sources, small);
    if (!apply) {
      OutputOption.json(
          spec.commandLine().getOut(),
          Map.of("Rules", rules.stream().map(ExpiryRule::json).toList()));
      return 0;
    }
    UserSettings connection = UserSettings.ofUser();
    try (ObjectStore store = ObjectStore.connect(connection.settings())) {
      store.lifecycle().apply(rules);
    }
    PrintWriter err = spec.commandLine().getErr();
    err.printf("bucket %s deletes from now on:%n", connection.settings().bucket());
    rules.forEach(
        rule ->
            err.printf(
                "  %s%s after %d days%n",
                rule.prefix(), rule.largerThan().isPresent() ? " beyond 1 MiB" : "", rule.days()));
    err.flush();
    return 0;
  }
}
