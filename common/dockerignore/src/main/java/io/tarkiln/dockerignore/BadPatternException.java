package io.tarkiln.dockerignore;

/** A line of a {@code .dockerignore} file that is no pattern; the message names it. */
public final class BadPatternException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int MAX_LENGTH = 100;

  BadPatternException(int line, String pattern, String why) {
    super("line %d: '%s' %s".formatted(line, shown(pattern), why));
  }

  private static String shown(String pattern) {
    String oneLine = RawText.decoded(pattern).replaceAll("\\p{Cntrl}", "?");
    return oneLine.length() <= MAX_LENGTH ? oneLine : oneLine.substring(0, MAX_LENGTH) + "...";
  }
}
