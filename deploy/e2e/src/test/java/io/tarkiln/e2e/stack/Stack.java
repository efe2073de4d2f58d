package io.tarkiln.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.testkit.Program;
import io.tarkiln.testkit.ScratchFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The embedded stack as a process of its own, the way a user runs it: {@code tarkiln up}.
 * Registered as an extension, it is up for all tests of a class, and has to end well after them.
 */
public final class Stack implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  private final Map<String, String> addresses = new TreeMap<>();
  private Process process;
  private Path ownFolder;

  private Stack() {}

  /** One for all tests of a class: register it. */
  public static Stack ofClass() {
    return new Stack();
  }

  @Override
  public void beforeAll(ExtensionContext tests) throws IOException {
    ownFolder = Files.createTempDirectory("tarkiln-stack");
    start(ownFolder.resolve("state"), Map.of(), "0");
  }

  @Override
  public void afterAll(ExtensionContext tests) throws Exception {
    if (process != null) {
      assertThat(stop()).isZero();
      ScratchFolder.remove(ownFolder);
    }
  }

  /** Starts it on free ports and waits until it is ready. */
  public static Stack up(Path state) throws IOException {
    return up(state, Map.of(), "0");
  }

  /** The same with more environment variables and on this port of the registry. */
  public static Stack up(Path state, Map<String, String> environment, String registryPort)
      throws IOException {
    Stack stack = new Stack();
    stack.start(state, environment, registryPort);
    return stack;
  }

  private void start(Path state, Map<String, String> environment, String registryPort)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher(), "up", "--state", state.toString()));
    command.addAll(List.of("--kafka-port", "0", "--s3-port", "0"));
    command.addAll(List.of("--registry-port", registryPort));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(state.resolveSibling("up.err").toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("ready ")) {
        for (String pair : line.substring("ready ".length()).split(" ")) {
          String[] parts = pair.split("=", 2);
          addresses.put(parts[0], parts[1]);
        }
        return;
      }
    }
    throw new AssertionError(
        "tarkiln up ended before it was ready: "
            + Files.readString(state.resolveSibling("up.err")));
  }

  public String kafka() {
    return addresses.get("kafka");
  }

  public String registry() {
    return addresses.get("registry");
  }

  /** Its Java process. */
  public long pid() {
    return process.pid();
  }

  /** What the command line needs to reach this stack. */
  Map<String, String> environment() {
    return Map.of(
        "KAFKA_BOOTSTRAP_SERVERS", kafka(),
        "AWS_ENDPOINT_URL_S3", addresses.get("s3"),
        "TARKILN_REGISTRY", registry());
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  /** Ends only the Java process, so that its children must notice by themselves. */
  public void killAlone() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it as Ctrl-C does, and returns its exit code. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS)) {
      kill();
      throw new AssertionError("tarkiln up did not stop within a minute after SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        stop();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Runs {@code tarkiln} with these arguments against this stack. */
  public Program.Ended tarkiln(String... arguments) throws IOException, InterruptedException {
    return run(environment(), arguments);
  }

  /** Builds the folder of a repository as the one service {@code app}, with tag 1. */
  public Program.Ended build(String workload, String repository, String... more)
      throws IOException, InterruptedException {
    return tarkiln(request("build", workload, repository, more));
  }

  /** The same without waiting for it. */
  public Program.Ended publish(String workload, String repository, String... more)
      throws IOException, InterruptedException {
    return tarkiln(request("publish", workload, repository, more));
  }

  private static String[] request(
      String command, String workload, String repository, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--workload", workload));
    arguments.addAll(List.of("--tag", "1", "--repository", repository, "--service", "app=."));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static String launcher() throws IOException {
    return GoTools.home().resolve("deploy/tarkiln").toString();
  }

  /** Runs {@code tarkiln} with these arguments and waits for its end. */
  public static Program.Ended run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher()));
    command.addAll(List.of(arguments));
    return Program.of(command).with(environment).run();
  }
}
