package io.tarkiln.dockerfile;

import java.util.Arrays;

/**
 * An instruction with its continuation lines joined, which remembers where each character stands in
 * the file. Bytes are characters of the same number, so that any encoding survives.
 */
final class LogicalLine {
  private final int line;
  private final StringBuilder text = new StringBuilder();
  private int[] at = new int[128];

  LogicalLine(int line) {
    this.line = line;
  }

  void append(byte[] bytes, int from, int to) {
    int needed = text.length() + to - from;
    if (needed > at.length) {
      at = Arrays.copyOf(at, Math.max(needed, 2 * at.length));
    }
    for (int i = from; i < to; i++) {
      at[text.length()] = i;
      text.append((char) (bytes[i] & 0xff));
    }
  }

  /** Number of the first line in the file, from 1. */
  int line() {
    return line;
  }

  String text() {
    return text.toString();
  }

  /** Where in the file the character of that index stands. */
  int at(int index) {
    return at[index];
  }

  /** The characters from one index to before another as a word. */
  Token token(int from, int to) {
    return Token.of(text.substring(from, to), Arrays.copyOfRange(at, from, to));
  }
}
