package io.tarkiln.dockerfile.syntax;

import java.util.List;

/**
 * One instruction, and where it stands in the file.
 *
 * @param line its first line in the file, from 1
 * @param keyword in upper case
 * @param flags the words that begin with two dashes, before the rest
 * @param words the rest, split at white space, of FROM, ARG, ENV and LABEL; quotes are part of
 *     words
 * @param rest what follows the flags, without white space at its ends; a character is a byte
 * @param place where its characters stand
 */
public record Instruction(
    int line, String keyword, List<Token> flags, List<Token> words, String rest, Place place) {

  /** Where an instruction stands in the file. A trigger stands where its ONBUILD does. */
  public static final class Place {
    private final LogicalLine source;
    private final int rest;

    Place(LogicalLine source, int rest) {
      this.source = source;
      this.rest = rest;
    }

    /** Where its first character stands, in bytes from the file's begin. */
    public int start() {
      return source.at(0);
    }

    /** After its last character, heredocs included and the line's end not. */
    public int end() {
      return source.end();
    }

    /** Whether the file ends where it should go on: a line after it would be part of it. */
    public boolean isOpen() {
      return source.isOpen();
    }

    /** Whether texts follow it, as in {@code RUN <<EOF}. */
    public boolean hasHeredocs() {
      return source.hasHeredocs();
    }

    /** Where the character of the rest stands that has this index. */
    public int ofRest(int index) {
      return source.at(rest + index);
    }
  }
}
