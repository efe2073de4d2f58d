package io.tarkiln.cli.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.cli.session.StandardOutput;
import io.tarkiln.settings.Settings;
import io.tarkiln.thread.DaemonThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code tarkiln up} as a child process on free ports. It ends with us, Ctrl-C included. */
final class StackProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 60;

  private final Process process;
  private final String ready;

  private StackProcess(Process process, String ready) {
    this.process = process;
    this.ready = ready;
  }

  /** Starts it and waits until it is ready; its messages go to our standard error. */
  static StackProcess start(Path home, Path state) throws IOException, CliException {
    Files.createDirectories(state);
    Process process =
        new ProcessBuilder(
                List.of(
                    home.resolve("deploy/tarkiln").toString(),
                    "up",
                    "--state",
                    state.toString(),
                    "--kafka-port",
                    "0",
                    "--s3-port",
                    "0",
                    "--registry-port",
                    "0"))
            .redirectError(state.resolve("up.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-stack"));
    DaemonThreads.named("notes").newThread(new Notes(process, state.resolve("up.log"))).start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("ready ")) {
        return new StackProcess(process, line.substring("ready ".length()));
      }
    }
    throw new CliException(
        CliException.UNREACHABLE,
        "the stack did not start: "
            + Files.readString(state.resolve("up.log")).lines().reduce((a, b) -> b).orElse(""));
  }

  /** Where everything is, as {@code up} prints it. */
  String addresses() {
    return ready;
  }

  /** Our environment with what reaches this stack. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    Map<String, String> names =
        Map.of("kafka", Settings.KAFKA, "s3", Settings.S3_ENDPOINT, "registry", Settings.REGISTRY);
    for (String pair : ready.split(" ")) {
      String[] parts = pair.split("=", 2);
      environment.put(names.get(parts[0]), parts[1]);
    }
    return environment;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Passes on what a person should know while the stack starts: one-time builds and the like. */
  private record Notes(Process process, Path log) implements Runnable {
    @Override
    public void run() {
      try (BufferedReader lines = Files.newBufferedReader(log)) {
        while (process.isAlive()) {
          String line = lines.readLine();
          if (line == null) {
            process.waitFor(100, TimeUnit.MILLISECONDS);
          } else if (!line.matches("\\d\\d:\\d\\d:\\d\\d .*")) {
            System.out.println("  " + Printable.line(line));
          }
        }
      } catch (IOException unreadable) {
        System.out.println("  (cannot read " + log + ")");
      } catch (StandardOutput.LostException nobodyReads) {
        // The command itself ends by it.
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
