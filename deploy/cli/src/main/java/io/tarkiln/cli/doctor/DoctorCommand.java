package io.tarkiln.cli.doctor;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.UserSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The {@code doctor} command: checks what builds need. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks what builds need, and says what to do about each fault.",
      "It looks at this machine and at the servers that the variables name, and exits 1 when a"
          + " build could not work."
    },
    footer = {"", "Examples:", "  tarkiln doctor", "  tarkiln doctor -o json"})
public final class DoctorCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws CliException {
    UserSettings connection = UserSettings.ofUser();
    List<CheckResult> findings =
        Stream.of(
                LocalChecks.all(),
                new GitChecks(connection.settings()).all(),
                new RemoteChecks(connection).all())
            .flatMap(List::stream)
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.json(out, findings);
    } else {
      for (CheckResult finding : findings) {
        out.printf(
            "%-6s %-12s %s%n",
            finding.verdict().name().toLowerCase(Locale.ROOT), finding.what(), finding.said());
        if (!finding.advice().isEmpty()) {
          out.printf("       %-12s -> %s%n", "", finding.advice());
        }
      }
      out.flush();
    }
    boolean works = findings.stream().noneMatch(f -> f.verdict() == CheckResult.Verdict.FAULT);
    return works ? 0 : CliException.FAILED;
  }
}
