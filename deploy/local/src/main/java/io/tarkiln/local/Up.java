package io.tarkiln.local;

import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings the embedded stack up and keeps it until it is told to stop. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs Kafka, S3, a registry and the four services in the foreground, on loopback.",
      "Prints one line 'ready kafka=... s3=... registry=...' when builds can come.",
      "Started again on the same state directory it goes on where it was."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln up",
      "  tarkiln up --state /var/lib/tarkiln --kafka-port 19092",
      "  tarkiln up --kafka-port 0 --s3-port 0 --registry-port 0   (any free ports)"
    })
final class Up implements Callable<Integer> {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "where everything is kept (default: ~/.local/state/tarkiln)")
  private Optional<Path> state = Optional.empty();

  @Option(names = "--kafka-port", defaultValue = "9092", description = "0 is any free port")
  private int kafkaPort;

  @Option(names = "--s3-port", defaultValue = "9000", description = "0 is any free port")
  private int s3Port;

  @Option(names = "--registry-port", defaultValue = "5000", description = "0 is any free port")
  private int registryPort;

  @Option(
      names = "--host",
      defaultValue = "localhost",
      description = "address to listen on (default: ${DEFAULT-VALUE}, reached from here only)")
  private String host;

  @Override
  public Integer call() throws Exception {
    Path folder = state.orElseGet(StateDirectory::usual).toAbsolutePath();
    try (StateDirectory directory = StateDirectory.lock(folder);
        EmbeddedStack stack =
            EmbeddedStack.start(directory, host, kafkaPort, s3Port, registryPort)) {
      stack.configureServices();
      Main.stopInOrder();
      ReadyAnnouncer.line = stack.readyLine();
      Quarkus.run(ReadyAnnouncer.class, Up::ended);
    }
    return 0;
  }

  /** Quarkus would end the process here; the broker below the services must stop after them. */
  private static void ended(int status, Throwable failure) {
    if (failure != null) {
      System.err.println("tarkiln up: the services did not start: " + failure.getMessage());
    }
  }
}
