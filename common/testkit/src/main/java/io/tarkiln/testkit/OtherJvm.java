package io.tarkiln.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of the tests as a process of its own, which a test may kill. */
public final class OtherJvm {
  private OtherJvm() {}

  /** The command that runs its main method. */
  public static List<String> command(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts it and waits until it has printed this line. */
  public static Process start(Class<?> main, String line, String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(command(main, List.of(), arguments)).redirectErrorStream(true).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    List<String> shown = new ArrayList<>();
    if (output.lines().peek(shown::add).noneMatch(line::equals)) {
      throw new AssertionError("'%s' was not printed but %s".formatted(line, shown));
    }
    return process;
  }
}
