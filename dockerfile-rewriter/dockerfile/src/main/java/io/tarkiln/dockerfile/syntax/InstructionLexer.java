package io.tarkiln.dockerfile.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits an instruction into keyword, flags and words as BuildKit does. */
final class InstructionLexer {
  private final LogicalLine line;
  private final String text;
  private final int end;
  private final char escape;
  private int position;

  InstructionLexer(LogicalLine line, char escape) {
    this.line = line;
    this.text = line.text();
    this.end = Whitespace.trimmedEnd(text, 0);
    this.escape = escape;
  }

  /** Reads the whole line. */
  Instruction instruction() {
    return instruction(0);
  }

  /** Reads what an ONBUILD triggers. */
  Instruction trigger() {
    position = 0;
    keyword();
    return instruction(position);
  }

  private Instruction instruction(int from) {
    position = from;
    String keyword = keyword().toUpperCase(Locale.ROOT);
    List<Token> flags = flags();
    position = Math.min(Whitespace.skip(text, position), end);
    int begin = position;
    String rest = text.substring(begin, end);
    List<Token> words =
        switch (keyword) {
          case "FROM" -> bareWords();
          case "ARG", "ENV", "LABEL" -> words();
          default -> List.of();
        };
    return new Instruction(
        line.line(), keyword, flags, words, rest, new Instruction.Place(line, begin));
  }

  /** The first word from here on. */
  private String keyword() {
    position = Whitespace.skip(text, position);
    int start = position;
    while (position < end && !Whitespace.isAscii(text.charAt(position))) {
      position++;
    }
    return start < position ? text.substring(start, position) : "";
  }

  private List<Token> flags() {
    List<Token> flags = List.of();
    while (true) {
      while (position < end && isFlagSpace(text.charAt(position))) {
        position++;
      }
      if (!text.startsWith("--", position) || position + 1 >= end) {
        return flags;
      }
      flags = flags.isEmpty() ? new ArrayList<>() : flags;
      Token flag = flag();
      flags.add(flag);
      if (flag.text().equals("--")) {
        return flags;
      }
    }
  }

  /** A flag: quotes join, and an escape takes the next character as it is. */
  private Token flag() {
    FlagText flag = new FlagText(line);
    for (; position < end; position++) {
      char c = text.charAt(position);
      if (!flag.isQuoted() && isFlagSpace(c)) {
        break;
      } else if (flag.quotes(c)) {
        flag.quote(c, position);
      } else if (c != escape) {
        flag.append(c, position);
      } else if (position + 1 < end) {
        position++;
        flag.append(text.charAt(position), position);
      }
    }
    return flag.token();
  }

  /** Words between white space, whatever they hold: FROM knows no quotes around it. */
  private List<Token> bareWords() {
    List<Token> words = new ArrayList<>();
    while (position < end) {
      int start = position;
      while (position < end && !Whitespace.isAscii(text.charAt(position))) {
        position++;
      }
      words.add(line.token(start, position));
      while (position < end && Whitespace.isAscii(text.charAt(position))) {
        position++;
      }
    }
    return words;
  }

  private List<Token> words() {
    List<Token> words = new ArrayList<>();
    for (; position < end; position = Whitespace.skip(text, position)) {
      int start = position;
      char quote = 0;
      while (position < end && (quote != 0 || Whitespace.at(text, position) == 0)) {
        char c = text.charAt(position);
        if (c == escape && quote != '\'' && position + 1 < end) {
          position++;
        } else if (c == quote) {
          quote = 0;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
          quote = c;
        }
        position++;
      }
      words.add(line.token(start, position));
    }
    return words;
  }

  /** BuildKit looks for the end of flags byte by byte, and two bytes of UTF-8 look like spaces. */
  private static boolean isFlagSpace(char c) {
    return Whitespace.isAscii(c) || c == 0x85 || c == 0xa0;
  }
}
