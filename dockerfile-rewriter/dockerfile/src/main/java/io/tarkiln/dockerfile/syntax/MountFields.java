package io.tarkiln.dockerfile.syntax;

import java.util.Optional;

/** The fields of RUN's {@code --mount}, which are one record of comma-separated values. */
public final class MountFields {
  private static final String FROM = "from=";

  private MountFields() {}

  /** The value of the last field {@code from}, which wins; empty where there is none. */
  public static Optional<Token.Operand> from(Token flag, int begin) {
    String text = flag.text();
    Optional<Token.Operand> found = Optional.empty();
    int field = begin;
    while (field < text.length()) {
      boolean quoted = text.charAt(field) == '"';
      int start = quoted ? field + 1 : field;
      int end = quoted ? closingQuote(text, start) : comma(text, start);
      if (text.regionMatches(true, start, FROM, 0, FROM.length())) {
        int value = start + FROM.length();
        found = value < end ? Optional.of(flag.operand(value, end)) : Optional.empty();
      }
      field = comma(text, end) + 1;
    }
    return found;
  }

  private static int comma(String text, int from) {
    int comma = text.indexOf(',', from);
    return comma < 0 ? text.length() : comma;
  }

  /** Two quotes are one within the field. */
  private static int closingQuote(String text, int from) {
    int quote = text.indexOf('"', from);
    while (quote >= 0 && text.startsWith("\"\"", quote)) {
      quote = text.indexOf('"', quote + 2);
    }
    return quote < 0 ? text.length() : quote;
  }
}
