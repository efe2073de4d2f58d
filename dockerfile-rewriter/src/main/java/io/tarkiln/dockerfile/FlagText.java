package io.tarkiln.dockerfile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the characters of a flag, and which of them stand between which quotes. */
final class FlagText {
  private static final char NONE = 0;

  private final LogicalLine line;
  private final StringBuilder text = new StringBuilder();
  private final List<int[]> places = new ArrayList<>();
  private char quote = NONE;
  private int open = Token.NOWHERE;
  private int first;

  FlagText(LogicalLine line) {
    this.line = line;
  }

  boolean isQuoted() {
    return quote != NONE;
  }

  /** Whether this character opens or closes quotes here. */
  boolean quotes(char c) {
    return quote == NONE ? c == '"' || c == '\'' : c == quote;
  }

  /** Opens or closes quotes. */
  void quote(char c, int index) {
    if (quote == NONE) {
      quote = c;
      open = line.at(index);
      first = places.size();
    } else {
      quote = NONE;
      for (int[] place : places.subList(first, places.size())) {
        place[2] = line.at(index);
      }
      open = Token.NOWHERE;
    }
  }

  void append(char c, int index) {
    text.append(c);
    places.add(new int[] {line.at(index), open, Token.NOWHERE});
  }

  Token token() {
    int[][] columns = new int[3][places.size()];
    for (int column = 0; column < columns.length; column++) {
      int one = column;
      Arrays.setAll(columns[column], i -> places.get(i)[one]);
    }
    return new Token(text.toString(), columns[0], columns[1], columns[2]);
  }
}
