package io.tarkiln.build;

import java.util.regex.Pattern;

/**
 * Texts of strangers as one line that may be shown: what a request, a repository or a registry says
 * must not forge lines of a log, a header or a terminal.
 *
 * <p>The Dockerfile core and the reader of {@code .dockerignore} take no part, because they need no
 * other module of ours; nor does the reader of engines' logs, which keeps tabs and drops colours.
 */
public final class PrintableText {
  /** ASCII's, of which line ends and escapes are some. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private static final Pattern BEYOND_ASCII = Pattern.compile("[^\\x20-\\x7e]");

  private PrintableText() {}

  /** With a question mark for each control character: for names, where one must see it. */
  public static String of(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  /** The same, cut to so many characters; three dots show that more follow. */
  public static String of(String text, int maxLength) {
    return shortened(of(text), maxLength);
  }

  /** The same, with a question mark also for all that is not ASCII: for bytes without a charset. */
  public static String ascii(String text, int maxLength) {
    return shortened(BEYOND_ASCII.matcher(text).replaceAll("?"), maxLength);
  }

  /** A sentence of another program, with a space for each control character. */
  public static String sentence(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }

  private static String shortened(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength) + "...";
  }
}
