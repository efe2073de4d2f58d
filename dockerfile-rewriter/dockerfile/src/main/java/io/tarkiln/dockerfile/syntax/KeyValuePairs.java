package io.tarkiln.dockerfile.syntax;

import java.util.List;

/** The arguments of ENV and LABEL, which BuildKit's parser insists on. */
final class KeyValuePairs {
  private KeyValuePairs() {}

  /** Either the first word has no equals sign and a value follows, or every word has one. */
  static void check(Instruction instruction) throws ParseException {
    List<Token> words = instruction.words();
    boolean takesPairs =
        instruction.keyword().equals("ENV") || instruction.keyword().equals("LABEL");
    if (!takesPairs || words.isEmpty()) {
      return;
    }
    if (words.get(0).text().indexOf('=') < 0) {
      if (instruction.rest().chars().noneMatch(c -> Whitespace.isAscii((char) c))) {
        throw new ParseException(
            instruction.line(), instruction.keyword() + " must have two arguments");
      }
      return;
    }
    for (Token word : words) {
      if (word.text().indexOf('=') < 0) {
        throw new ParseException(
            instruction.line(), instruction.keyword() + " must be of the form name=value");
      }
    }
  }
}
