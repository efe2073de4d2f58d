package io.tarkiln.cli.session;

/** Makes texts of strangers fit for a terminal. */
public final class Printable {
  private Printable() {}

  /** One line without control characters: log lines may hold escape sequences. */
  public static String line(String text) {
    return text.replaceAll("\u001b\\[[0-9;?]*[ -/]*[@-~]", "").replaceAll("\\p{Cntrl}", " ");
  }

  /** The same, cut to a width. */
  public static String line(String text, int width) {
    String whole = line(text);
    return whole.length() <= width ? whole : whole.substring(0, Math.max(0, width - 3)) + "...";
  }
}
