package io.tarkiln.cli.session;

import java.io.PrintWriter;
import java.util.Optional;

/** Text from others, made fit for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * One line without control characters: log lines may hold escape sequences, and names characters
   * that reverse what follows them.
   */
  public static String line(String text) {
    return text.replaceAll("(\u001b\\[|\u009b)[0-9;?]*[ -/]*[@-~]", "")
        .replaceAll("[\\p{Cc}\u202a-\u202e\u2066-\u2069]", " ");
  }

  /** The same, cut to a width. */
  public static String line(String text, int width) {
    String whole = line(text);
    return whole.length() <= width ? whole : whole.substring(0, Math.max(0, width - 3)) + "...";
  }

  /** The first line of what a failure says, else its kind. */
  public static String line(Throwable failure) {
    return Optional.ofNullable(failure.getMessage())
        .flatMap(message -> message.lines().findFirst())
        .map(Printable::line)
        .orElse(failure.getClass().getSimpleName());
  }

  /** Prints a line, whatever is in its parts. */
  public static void println(PrintWriter out, String format, Object... parts) {
    out.println(line(format.formatted(parts)));
  }
}
