package io.tarkiln.e2e.conformance;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A program that has run.
 *
 * @param output all that it wrote
 */
public record FinishedProgram(int status, String output) {
  /** Runs a program with this on its standard input. */
  static FinishedProgram run(List<String> command, Map<String, String> variables, byte[] input)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try (OutputStream to = process.getOutputStream()) {
                to.write(input);
              } catch (IOException ended) {
                // Its status says why.
              }
            });
    String output = new String(process.getInputStream().readAllBytes());
    writing.join();
    return new FinishedProgram(process.waitFor(), output);
  }

  /** Runs a program that has to succeed. */
  public static String output(List<String> command, byte[] input)
      throws IOException, InterruptedException {
    FinishedProgram done = run(command, Map.of("GIT_CONFIG_GLOBAL", "/dev/null"), input);
    if (done.status() != 0) {
      throw new IOException(
          "%s ended with %d: %s".formatted(command, done.status(), done.output()));
    }
    return done.output().strip();
  }

  public static String output(String... command) throws IOException, InterruptedException {
    return output(List.of(command), new byte[0]);
  }
}
