package io.tarkiln.cli;

import io.tarkiln.cli.session.CliException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Stands for {@code up}, which the launcher runs as a process of its own. */
@Command(
    name = "up",
    description = "Runs Kafka, S3, a registry and the four services here, in the foreground.")
final class UpCommand implements Callable<Integer> {
  @CommandLine.Unmatched private java.util.List<String> rest;

  @Override
  public Integer call() throws CliException {
    throw new CliException(CliException.WRONG_USAGE, "run it as deploy/tarkiln up");
  }
}
