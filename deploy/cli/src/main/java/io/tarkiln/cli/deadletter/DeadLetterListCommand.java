package io.tarkiln.cli.deadletter;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.cli.session.UserSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code deadletters list} command: lists dead letters. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists records that no service could read, the oldest first.",
    footer = {
      "",
      "Examples:",
      "  tarkiln deadletters list",
      "  tarkiln deadletters list --since 7d"
    })
final class DeadLetterListCommand implements Callable<Integer> {
  private static final String ROW = "%-10s  %-20s  %-36s  %-36s  %s%n";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "1d",
      description = "how far back (default: ${DEFAULT-VALUE})")
  private Duration since;

  @Override
  public Integer call() throws CliException {
    List<DeadLetter> letters =
        new DeadLetterTopic(new KafkaAccess(UserSettings.ofUser())).since(since);
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.json(
          out,
          letters.stream()
              .map(
                  letter ->
                      Map.of(
                          "id", letter.id(),
                          "time", letter.time().toString(),
                          "origin", letter.origin(),
                          "key", key(letter),
                          "reason", letter.reason()))
              .toList());
      return 0;
    }
    out.printf(ROW, "ID", "TIME", "CAME FROM", "KEY", "REASON");
    letters.forEach(
        letter ->
            out.printf(
                ROW,
                letter.id(),
                letter.time().truncatedTo(ChronoUnit.SECONDS),
                Printable.line(letter.origin(), 60),
                Printable.line(key(letter), 36),
                Printable.line(letter.reason(), 160)));
    out.flush();
    return 0;
  }

  private static String key(DeadLetter letter) {
    return letter.record().key() == null ? "-" : letter.record().key();
  }
}
