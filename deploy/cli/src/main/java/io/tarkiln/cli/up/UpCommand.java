package io.tarkiln.cli.up;

import io.tarkiln.cli.session.CliException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The {@code up} command, for help and completion: the launcher runs a program of its own for it,
 * which extends this.
 */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs Kafka, S3, a registry and the four services here, in the foreground.",
      "Prints one line 'ready kafka=... s3=... registry=...' when builds can come.",
      "Started again on the same state directory it goes on where it was."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln up",
      "  tarkiln up --state /var/lib/tarkiln --kafka-port 19092",
      "  tarkiln up --kafka-port 0 --s3-port 0 --registry-port 0"
    })
public class UpCommand implements Callable<Integer> {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "where everything is kept (default: ~/.local/state/tarkiln)")
  protected Optional<Path> state = Optional.empty();

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "0 is any free port")
  protected int kafkaPort;

  @Option(
      names = "--s3-port",
      paramLabel = "PORT",
      defaultValue = "9000",
      description = "0 is any free port")
  protected int s3Port;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      defaultValue = "5000",
      description = "0 is any free port")
  protected int registryPort;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "localhost",
      description = "address to listen on (default: ${DEFAULT-VALUE}, reached from here only)")
  protected String host;

  @Override
  public Integer call() throws Exception {
    throw new CliException(CliException.WRONG_USAGE, "run it as deploy/tarkiln up");
  }
}
