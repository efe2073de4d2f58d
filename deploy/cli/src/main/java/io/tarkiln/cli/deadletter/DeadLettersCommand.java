package io.tarkiln.cli.deadletter;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The {@code deadletters} command, which has others below it. */
@Command(
    name = "deadletters",
    mixinStandardHelpOptions = true,
    description = "Shows records that no service could read, and sends them again.",
    subcommands = {
      DeadLetterListCommand.class,
      DeadLetterShowCommand.class,
      DeadLetterRetryCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln deadletters list --since 7d",
      "  tarkiln deadletters show 2-17 > request.json",
      "  tarkiln deadletters retry 2-17 --data request.json",
      "  tarkiln deadletters retry 2-17 --header ce_specversion=1.0"
    })
public final class DeadLettersCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give list, show or retry");
  }
}
