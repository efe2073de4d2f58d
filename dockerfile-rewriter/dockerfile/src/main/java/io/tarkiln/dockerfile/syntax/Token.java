package io.tarkiln.dockerfile.syntax;

import java.util.Arrays;

/**
 * A word of an instruction.
 *
 * @param text as BuildKit reads it: for flags without quotes and escapes
 * @param at where in the file each character of the text stands
 * @param opened where in the file the quote opens that each character of a flag stands in, {@link
 *     #NOWHERE} for none; other words have their quotes in the text
 * @param closed where that quote closes; {@link #NOWHERE} also where it does not
 * @param quotes that quote itself, {@link #NO_QUOTE} for none
 */
public record Token(String text, int[] at, int[] opened, int[] closed, String quotes) {
  /** There is no quote. */
  public static final int NOWHERE = -1;

  /** The same as a character. */
  public static final char NO_QUOTE = 0;

  /** A word whose quotes are in its text. */
  public static Token of(String text, int[] at) {
    int[] nowhere = new int[at.length];
    Arrays.fill(nowhere, NOWHERE);
    return new Token(text, at, nowhere, nowhere, "");
  }

  /** The whole word as an operand. */
  public Operand operand() {
    return operand(0, at.length);
  }

  /** The part from one character to before another as an operand; it must not be empty. */
  public Operand operand(int from, int to) {
    Range range = new Range(at[from], at[to - 1] + 1);
    String part = text.substring(from, to);
    return opened[from] == opened[to - 1]
        ? new Operand(part, range, range, "")
        : halfInQuotes(part, range, from, to);
  }

  /**
   * A part that begins and ends in different quotes, or one of both in none. It takes the quotes
   * with it that hold nothing else; one that holds more of the word keeps its other half.
   */
  private Operand halfInQuotes(String part, Range range, int from, int to) {
    int last = to - 1;
    boolean begins = opened[from] != NOWHERE && (from == 0 || opened[from] > at[from - 1]);
    boolean ends = closed[last] != NOWHERE && (to == at.length || closed[last] < at[to]);
    int start = begins ? opened[from] : range.start();
    int end = ends ? closed[last] + 1 : range.end();
    String then = (begins ? "" : quote(from)) + (ends ? "" : quote(last));
    return new Operand(part, range, new Range(start, end), then);
  }

  private String quote(int index) {
    char quote = quotes.charAt(index);
    return quote == NO_QUOTE ? "" : String.valueOf(quote);
  }

  /** Bytes of a file, from one to before another. */
  public record Range(int start, int end) {}

  /**
   * What can name an image.
   *
   * @param range where it stands in the file
   * @param replaceable the bytes that another name takes the place of
   * @param then the quotes that must follow that name, so that the rest of the word means the same
   */
  public record Operand(String text, Range range, Range replaceable, String then) {}
}
