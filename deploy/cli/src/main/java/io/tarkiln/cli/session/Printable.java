package io.tarkiln.cli.session;

import java.io.PrintWriter;
import java.util.Optional;

/** Text from others, made fit for a terminal. */
public final class Printable {
  private static final boolean IN_ACTIONS = "true".equals(System.getenv("GITHUB_ACTIONS"));

  private Printable() {}

  /**
   * One line without control characters: log lines may hold escape sequences, and names characters
   * that reverse what follows them. In a job of GitHub Actions, nothing in it is a command either.
   */
  public static String line(String text) {
    return line(text, IN_ACTIONS);
  }

  /**
   * Likewise. GitHub's runner takes {@code ::name::} at the beginning of a line for a command, and
   * {@code ##[name]} anywhere in it ({@code ActionCommand.TryParse} in actions/runner). GitLab's
   * sections need control characters.
   */
  static String line(String text, boolean inActions) {
    String plain =
        text.replaceAll("(\u001b\\[|\u009b)[0-9;?]*[ -/]*[@-~]", "")
            .replaceAll("[\\p{Cc}\u202a-\u202e\u2066-\u2069]", " ");
    return inActions
        ? plain.replace("##[", "## [").replaceFirst("^([\\s\\p{Z}]*):(?=:)", "$1: ")
        : plain;
  }

  /** A JSON document, which stays the same document, likewise. */
  static String json(String document) {
    return IN_ACTIONS ? document.replace("##[", "#\\u0023[") : document;
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
