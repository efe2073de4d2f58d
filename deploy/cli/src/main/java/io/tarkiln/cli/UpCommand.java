package io.tarkiln.cli;

import io.tarkiln.cli.session.CliException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Stands for {@code up} in help and completion; the launcher runs a process of its own for it, with
 * the same options.
 */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs Kafka, S3, a registry and the four services here, in the foreground.",
    footer = {
      "",
      "Examples:",
      "  tarkiln up",
      "  tarkiln up --state /var/lib/tarkiln --kafka-port 19092"
    })
final class UpCommand implements Callable<Integer> {
  @CommandLine.Unmatched private List<String> rest = new ArrayList<>();

  @Option(names = "--state", paramLabel = "DIR", description = "where everything is kept")
  private Optional<Path> state = Optional.empty();

  @Option(names = "--kafka-port", paramLabel = "PORT", description = "0 is any free port")
  private int kafkaPort;

  @Option(names = "--s3-port", paramLabel = "PORT", description = "0 is any free port")
  private int s3Port;

  @Option(names = "--registry-port", paramLabel = "PORT", description = "0 is any free port")
  private int registryPort;

  @Option(names = "--host", paramLabel = "HOST", description = "address to listen on")
  private Optional<String> host = Optional.empty();

  @Override
  public Integer call() throws CliException {
    throw new CliException(CliException.WRONG_USAGE, "run it as deploy/tarkiln up");
  }
}
