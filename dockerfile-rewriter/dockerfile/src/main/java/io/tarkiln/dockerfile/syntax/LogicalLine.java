package io.tarkiln.dockerfile.syntax;

import java.util.Arrays;

/**
 * An instruction with its continuation lines joined, which remembers where each character stands in
 * the file. Bytes are characters of the same number, so that any encoding survives.
 */
final class LogicalLine {
  private final int line;
  private final StringBuilder joined = new StringBuilder();

  /** Where in the joined text each piece begins, and where in the file. */
  private int[] begins = new int[4];

  private int[] places = new int[4];
  private int pieces;
  private String text = "";
  private int end;
  private boolean hasHeredocs;
  private boolean isOpen;

  LogicalLine(int line) {
    this.line = line;
  }

  /** Adds the characters of the file from one to before another. */
  void append(String file, int from, int to) {
    if (pieces == begins.length) {
      begins = Arrays.copyOf(begins, 2 * pieces);
      places = Arrays.copyOf(places, 2 * pieces);
    }
    begins[pieces] = joined.length();
    places[pieces++] = from;
    joined.append(file, from, to);
  }

  /** Says where the instruction ends in the file, the text of its heredocs included. */
  void ends(int end, boolean hasHeredocs, boolean isOpen) {
    this.end = end;
    this.isOpen = isOpen;
    this.hasHeredocs = hasHeredocs;
  }

  /** After its last character in the file, before the line's end. */
  int end() {
    return end;
  }

  /** Whether the file ends where the instruction should go on. */
  boolean isOpen() {
    return isOpen;
  }

  boolean hasHeredocs() {
    return hasHeredocs;
  }

  /** Number of the first line in the file, from 1. */
  int line() {
    return line;
  }

  String text() {
    if (text.length() != joined.length()) {
      text = joined.toString();
    }
    return text;
  }

  /** Where in the file the character of that index stands. */
  int at(int index) {
    int piece = piece(index);
    return places[piece] + index - begins[piece];
  }

  /** The last piece that begins at the index or before, which is the one that is not empty. */
  private int piece(int index) {
    int low = 0;
    int high = pieces - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (begins[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The characters from one index to before another as a word. */
  Token token(int from, int to) {
    int[] at = new int[to - from];
    Arrays.setAll(at, i -> at(from + i));
    return Token.of(text().substring(from, to), at);
  }
}
