package io.tarkiln.dockerfile;

import java.util.Arrays;
import java.util.Optional;

/**
 * A word of an instruction.
 *
 * @param text as BuildKit reads it: for flags without quotes and escapes
 * @param at where in the file each character of the text stands
 * @param opened where in the file the quote opens that each character of a flag stands in, {@link
 *     #NOWHERE} for none; other words have their quotes in the text
 * @param closed where that quote closes; {@link #NOWHERE} also where it does not
 */
record Token(String text, int[] at, int[] opened, int[] closed) {
  /** There is no quote. */
  static final int NOWHERE = -1;

  /** A word whose quotes are in its text. */
  static Token of(String text, int[] at) {
    int[] nowhere = new int[at.length];
    Arrays.fill(nowhere, NOWHERE);
    return new Token(text, at, nowhere, nowhere);
  }

  /** The whole word as an operand. */
  Operand operand() {
    return operand(0, at.length);
  }

  /** The part from one character to before another as an operand; it must not be empty. */
  Operand operand(int from, int to) {
    Range range = new Range(at[from], at[to - 1] + 1);
    Optional<Range> replaceable =
        opened[from] == opened[to - 1] ? Optional.of(range) : withQuotes(from, to);
    return new Operand(text.substring(from, to), range, replaceable);
  }

  /** The part with the quotes that its ends stand in; empty where more than it stands in them. */
  private Optional<Range> withQuotes(int from, int to) {
    int last = to - 1;
    boolean begins = from == 0 || opened[from] == NOWHERE || opened[from] > at[from - 1];
    boolean ends =
        opened[last] == NOWHERE
            || closed[last] != NOWHERE && (to == at.length || closed[last] < at[to]);
    if (!begins || !ends) {
      return Optional.empty();
    }
    int start = opened[from] == NOWHERE ? at[from] : opened[from];
    int end = opened[last] == NOWHERE ? at[last] : closed[last];
    return Optional.of(new Range(start, end + 1));
  }

  /** Bytes of a file, from one to before another. */
  record Range(int start, int end) {}

  /**
   * What can name an image.
   *
   * @param range where it stands in the file
   * @param replaceable the bytes that another text can take the place of, so that each quote that
   *     stays keeps its other half; empty where there are none
   */
  record Operand(String text, Range range, Optional<Range> replaceable) {}
}
