package io.tarkiln.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Splits an instruction into keyword, flags and words as BuildKit does. */
final class Words {
  private final LogicalLine line;
  private final String text;
  private final char escape;
  private int position;

  Words(LogicalLine line, char escape) {
    this.line = line;
    this.text = line.text();
    this.escape = escape;
  }

  /** Reads the whole line; {@code from} is where it begins, for triggers within ONBUILD. */
  Instruction instruction(int from) {
    position = from;
    skipSpace();
    int start = position;
    while (position < text.length() && !isSpace(text.charAt(position))) {
      position++;
    }
    String keyword = text.substring(start, position).toUpperCase(java.util.Locale.ROOT);
    List<Token> flags = flags();
    int rest = position;
    List<Token> words = keyword.equals("FROM") ? bareWords() : words();
    return new Instruction(line.line(), keyword, flags, words, text.substring(rest).strip());
  }

  /** Where the word after the keyword begins. */
  int afterKeyword() {
    position = 0;
    skipSpace();
    while (position < text.length() && !isSpace(text.charAt(position))) {
      position++;
    }
    skipSpace();
    return position;
  }

  private List<Token> flags() {
    List<Token> flags = new ArrayList<>();
    while (true) {
      skipSpace();
      if (!text.startsWith("--", position)) {
        return flags;
      }
      Token flag = unquotedWord();
      flags.add(flag);
      if (flag.text().equals("--")) {
        return flags;
      }
    }
  }

  /** A flag: quotes join, and an escape takes the next character as it is. */
  private Token unquotedWord() {
    FlagText flag = new FlagText(line);
    for (; position < text.length(); position++) {
      char c = text.charAt(position);
      if (!flag.isQuoted() && isSpace(c)) {
        break;
      } else if (flag.quotes(c)) {
        flag.quote(c, position);
      } else if (c != escape) {
        flag.append(c, position);
      } else if (position + 1 < text.length()) {
        position++;
        flag.append(text.charAt(position), position);
      }
    }
    return flag.token();
  }

  /** Words between white space, whatever they hold: FROM knows no quotes around it. */
  private List<Token> bareWords() {
    List<Token> words = new ArrayList<>();
    for (skipSpace(); position < text.length(); skipSpace()) {
      int start = position;
      while (position < text.length() && !isSpace(text.charAt(position))) {
        position++;
      }
      words.add(line.token(start, position));
    }
    return words;
  }

  private List<Token> words() {
    List<Token> words = new ArrayList<>();
    for (skipSpace(); position < text.length(); skipSpace()) {
      int start = position;
      char quote = 0;
      while (position < text.length() && (quote != 0 || !isSpace(text.charAt(position)))) {
        char c = text.charAt(position);
        if (c == escape && quote != '\'' && position + 1 < text.length()) {
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

  private void skipSpace() {
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
