package io.tarkiln.dockerfile;

import java.util.Arrays;

/**
 * A word of an instruction.
 *
 * @param text as BuildKit reads it: for flags without quotes and escapes
 * @param at where in the file each character of the text stands
 * @param opened where in the file the quote opens that each character of a flag stands in, {@link
 *     #NOWHERE} for none; other words have their quotes in the text
 * @param closed where that quote closes
 */
record Token(String text, int[] at, int[] opened, int[] closed) {
  /** There is no quote. */
  static final int NOWHERE = -1;

  /** There is one, but other characters stand between it and the word. */
  private static final int FURTHER_OUT = -2;

  /** A word whose quotes are in its text. */
  static Token of(String text, int[] at) {
    int[] nowhere = new int[at.length];
    Arrays.fill(nowhere, NOWHERE);
    return new Token(text, at, nowhere, nowhere);
  }

  /** First byte of the word in the file. */
  int start() {
    return at[0];
  }

  /** Byte after its last. */
  int end() {
    return at[at.length - 1] + 1;
  }

  /** The part from one character to before another; it must not be empty. */
  Token part(int from, int to) {
    int[] begins = Arrays.copyOfRange(opened, from, to);
    int[] ends = Arrays.copyOfRange(closed, from, to);
    if (from > 0 && begins[0] != NOWHERE && begins[0] < at[from - 1]) {
      begins[0] = FURTHER_OUT;
    }
    int last = ends.length - 1;
    if (to < at.length && ends[last] > at[to]) {
      ends[last] = FURTHER_OUT;
    }
    return new Token(text.substring(from, to), Arrays.copyOfRange(at, from, to), begins, ends);
  }

  /**
   * The bytes that can be replaced by another text without leaving half a pair of quotes; where
   * there are none, an empty range.
   */
  Range replaceable() {
    int begin = opened[0];
    int end = closed[closed.length - 1];
    if ((begin == NOWHERE) == (end == NOWHERE)) {
      return new Range(start(), end());
    } else if (begin >= 0) {
      return new Range(begin, end());
    } else if (end >= 0) {
      return new Range(start(), end + 1);
    }
    return new Range(start(), start());
  }

  /** Bytes of a file, from one to before another. */
  record Range(int start, int end) {
    boolean isEmpty() {
      return start == end;
    }
  }
}
