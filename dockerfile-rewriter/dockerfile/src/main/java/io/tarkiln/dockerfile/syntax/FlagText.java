package io.tarkiln.dockerfile.syntax;

import java.util.Arrays;

/** Collects the characters of a flag, and which of them stand between which quotes. */
final class FlagText {
  private final LogicalLine line;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder quotes = new StringBuilder();
  private int[] places = new int[64];
  private int[] opened = new int[64];
  private int[] closed = new int[64];
  private char quote = Token.NO_QUOTE;
  private int open = Token.NOWHERE;
  private int first;

  FlagText(LogicalLine line) {
    this.line = line;
  }

  boolean isQuoted() {
    return quote != Token.NO_QUOTE;
  }

  /** Whether this character opens or closes quotes here. */
  boolean quotes(char c) {
    return quote == Token.NO_QUOTE ? c == '"' || c == '\'' : c == quote;
  }

  /** Opens or closes quotes. */
  void quote(char c, int index) {
    if (quote == Token.NO_QUOTE) {
      quote = c;
      open = line.at(index);
      first = text.length();
    } else {
      quote = Token.NO_QUOTE;
      Arrays.fill(closed, first, text.length(), line.at(index));
      open = Token.NOWHERE;
    }
  }

  void append(char c, int index) {
    int length = text.length();
    if (length == places.length) {
      places = Arrays.copyOf(places, 2 * length);
      opened = Arrays.copyOf(opened, 2 * length);
      closed = Arrays.copyOf(closed, 2 * length);
    }
    places[length] = line.at(index);
    opened[length] = open;
    closed[length] = Token.NOWHERE;
    text.append(c);
    quotes.append(quote);
  }

  Token token() {
    int length = text.length();
    return new Token(
        text.toString(),
        Arrays.copyOf(places, length),
        Arrays.copyOf(opened, length),
        Arrays.copyOf(closed, length),
        quotes.toString());
  }
}
