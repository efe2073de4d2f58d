package io.tarkiln.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.GoTools;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A program that a test runs to its end; git is free of this machine's configuration. */
public final class Program {
  private final ProcessBuilder builder;
  private byte[] input = new byte[0];

  private Program(List<String> command) {
    builder = new ProcessBuilder(command);
    with(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
  }

  public static Program of(String... command) {
    return of(List.of(command));
  }

  public static Program of(List<String> command) {
    return new Program(command);
  }

  /** One of the tools that are built where they are missing, such as {@code crane}. */
  public static Program ofTool(String tool, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(GoTools.provide(tool).toString()));
    command.addAll(List.of(arguments));
    return of(command);
  }

  /** In this folder. */
  public Program in(Path folder) {
    builder.directory(folder.toFile());
    return this;
  }

  /** With these variables beside those of this process. */
  public Program with(Map<String, String> variables) {
    builder.environment().putAll(variables);
    return this;
  }

  /** Without the variables whose names match. */
  public Program without(String names) {
    builder.environment().keySet().removeIf(name -> name.matches(names));
    return this;
  }

  /** With this on its standard input, which is empty otherwise. */
  public Program reading(byte[] bytes) {
    input = bytes;
    return this;
  }

  /** With this file on its standard input. */
  public Program reading(Path file) {
    builder.redirectInput(file.toFile());
    return this;
  }

  /** With all that it writes in one. */
  public Program merged() {
    builder.redirectErrorStream(true);
    return this;
  }

  /** How a program ended, and what it wrote to its standard output and error. */
  public record Ended(int exit, String out, String err) {}

  /** Runs it. */
  public Ended run() throws IOException {
    Process process = start();
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(process));
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
    String out = read(process.getInputStream());
    try {
      writing.join();
      return new Ended(process.waitFor(), out, err.join());
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + builder.command(), interrupted);
    }
  }

  /** Runs it; returns what it printed, without white space around, or throws where it fails. */
  public String output() throws IOException {
    Ended ended = run();
    if (ended.exit() != 0) {
      throw new IOException(
          "%s ended with %d: %s%s"
              .formatted(builder.command(), ended.exit(), ended.err(), ended.out()));
    }
    return ended.out().strip();
  }

  private Process start() throws IOException {
    try {
      return builder.start();
    } catch (IOException missing) {
      throw new IOException(
          "this test needs %s: install it, see CONTRIBUTING.md".formatted(builder.command().get(0)),
          missing);
    }
  }

  private void write(Process process) {
    try (OutputStream to = process.getOutputStream()) {
      to.write(input);
    } catch (IOException ended) {
      // Its status says why.
    }
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
