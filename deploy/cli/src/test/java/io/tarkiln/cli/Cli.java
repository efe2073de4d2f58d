package io.tarkiln.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;

/** Runs commands as a user does, in this JVM. */
public final class Cli {
  private Cli() {}

  /** What a command did. */
  public record Ran(int exit, String out, String err) {}

  /** Writes the user's settings file; it is where the pom says that settings are. */
  public static void configure(Map<String, String> settings) throws IOException {
    Path file = Path.of(System.getenv("XDG_CONFIG_HOME"), "tarkiln", "config.properties");
    Files.createDirectories(file.getParent());
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }

  public static Ran run(String... arguments) {
    return run(new StringWriter(), arguments);
  }

  /** The same with a place where the output can be seen while the command runs. */
  public static Ran run(StringWriter out, String... arguments) {
    StringWriter err = new StringWriter();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(bytes, true, UTF_8));
    try {
      CommandLine command =
          Tarkiln.commandLine()
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true));
      int exit = command.execute(arguments);
      return new Ran(exit, out + bytes.toString(UTF_8), err.toString());
    } finally {
      System.setOut(standard);
    }
  }
}
