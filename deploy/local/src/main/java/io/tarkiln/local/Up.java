package io.tarkiln.local;

import io.quarkus.runtime.Quarkus;
import io.tarkiln.cli.up.UpCommand;
import java.nio.file.Path;

/** Brings the embedded stack up and keeps it until it is told to stop. */
final class Up extends UpCommand {
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
