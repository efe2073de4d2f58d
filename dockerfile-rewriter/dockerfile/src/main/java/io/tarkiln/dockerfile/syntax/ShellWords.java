package io.tarkiln.dockerfile.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits a line into words as BuildKit's shell lexer does to find heredocs: no variable has a value
 * and all stay as they are written, a backslash escapes whatever the escape directive says, and
 * {@code <<} takes the white space after it along.
 */
final class ShellWords {
  private static final int END = -1;

  /** The lexer's scanner passes over it at the begin. */
  private static final int BYTE_ORDER_MARK = 0xfeff;

  /** Deepest nesting of variables; no line that means something comes near it. */
  private static final int DEEPEST = 100;

  private final int[] text;

  /** Whether quotes and escapes stay in the words. */
  private final boolean raw;

  /** What is being collected, of which there is one only: a nested word forgets what was begun. */
  private final StringBuilder word = new StringBuilder();

  private List<String> last = List.of();
  private int position;
  private int depth;

  /** The text is no sentence of the language. */
  private static final class SyntaxException extends Exception {
    SyntaxException() {
      super("no words", null, false, false);
    }
  }

  /** Words of one level, and whether one has begun. */
  private final class Collected {
    private final List<String> words = new ArrayList<>();
    private boolean inWord;

    void add(int c) {
      if (!isSpace(c)) {
        addAsItIs(c);
      } else if (inWord && word.length() > 0) {
        words.add(word.toString());
        word.setLength(0);
        inWord = false;
      }
    }

    void addAsItIs(int c) {
      word.appendCodePoint(c);
      inWord = true;
    }

    List<String> end() {
      if (word.length() > 0) {
        words.add(word.toString());
        word.setLength(0);
      }
      return words;
    }
  }

  private ShellWords(String text, boolean raw) {
    int[] points = text.codePoints().toArray();
    this.text = points;
    this.raw = raw;
    this.position = points.length > 0 && points[0] == BYTE_ORDER_MARK ? 1 : 0;
  }

  /**
   * Splits a text.
   *
   * @param raw whether words keep their quotes and escapes
   * @return empty where quotes or braces are left open, or there is no such modifier
   */
  static Optional<List<String>> of(String text, boolean raw, int line) throws ParseException {
    ShellWords words = new ShellWords(text, raw);
    try {
      words.until(END, raw);
      return Optional.of(words.last);
    } catch (SyntaxException none) {
      if (words.depth > DEEPEST) {
        throw new ParseException(line, "variables are nested more than " + DEEPEST + " deep");
      }
      return Optional.empty();
    }
  }

  /** Reads up to the stop character, which is consumed. */
  private String until(int stop, boolean keepsEscapes) throws SyntaxException {
    require(++depth <= DEEPEST);
    StringBuilder result = new StringBuilder();
    word.setLength(0);
    Collected collected = new Collected();
    int c = next();
    for (; c != END && c != stop; c = next()) {
      if (c == '$') {
        String variable = variable(keepsEscapes);
        variable.codePoints().forEach(collected::add);
        result.append(variable);
      } else if (c == '\'' || c == '"' || c == '<') {
        String part = c == '<' ? smaller() : c == '"' ? doubleQuoted(keepsEscapes) : singleQuoted();
        word.append(part);
        collected.inWord = true;
        result.append(part);
      } else {
        boolean escapes = c == '\\';
        if (escapes && keepsEscapes) {
          collected.addAsItIs(c);
          result.appendCodePoint(c);
        }
        if (!escapes) {
          collected.add(c);
          result.appendCodePoint(c);
        } else if (peek() != END) {
          collected.addAsItIs(peek());
          result.appendCodePoint(next());
        }
      }
    }
    require(c == stop);
    depth--;
    last = collected.end();
    return result.toString();
  }

  private String singleQuoted() throws SyntaxException {
    StringBuilder result = new StringBuilder(raw ? "'" : "");
    int c = next();
    for (; c != '\''; c = next()) {
      require(c != END);
      result.appendCodePoint(c);
    }
    return result.append(raw ? "'" : "").toString();
  }

  private String doubleQuoted(boolean keepsEscapes) throws SyntaxException {
    StringBuilder result = new StringBuilder(raw ? "\"" : "");
    for (int c = next(); c != '"'; c = next()) {
      require(c != END);
      if (c == '$') {
        result.append(variable(keepsEscapes));
      } else if (c == '\\' && (peek() == '"' || peek() == '$' || peek() == '\\')) {
        result.append(keepsEscapes ? "\\" : "").appendCodePoint(next());
      } else {
        result.appendCodePoint(c);
      }
    }
    return result.append(raw ? "\"" : "").toString();
  }

  /** After a {@code <}: the second one takes white space along. */
  private String smaller() {
    if (peek() != '<') {
      return "<";
    }
    next();
    StringBuilder result = new StringBuilder("<<");
    while (peek() == ' ' || peek() == '\t' || peek() == '\r') {
      result.appendCodePoint(next());
    }
    return result.toString();
  }

  /** After the dollar sign: what was written, in the lexer's own spelling. */
  private String variable(boolean keepsEscapes) throws SyntaxException {
    if (peek() != '{') {
      return "$" + name();
    }
    next();
    require(peek() != END && peek() != '{' && peek() != '}' && peek() != ':');
    String name = name();
    int modifier = next();
    require(modifier != END);
    if (modifier == '}') {
      return "${" + name + "}";
    } else if (modifier == '/') {
      boolean all = peek() == '/';
      position += all ? 1 : 0;
      String pattern = until('/', true);
      return "${" + name + "/" + pattern + "/" + until('}', true) + "}";
    }
    StringBuilder sign = new StringBuilder().appendCodePoint(modifier);
    int kind = modifier;
    if (modifier == ':') {
      kind = next();
      require(kind != END && kind != '#' && kind != '%');
      sign.appendCodePoint(kind);
    } else {
      require("+-?#%".indexOf(modifier) >= 0);
    }
    return "${" + name + sign + until('}', kind == '#' || kind == '%') + "}";
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    int first = peek();
    if (first != END && "@*#?-$!0".indexOf(first) >= 0 && !Character.isDigit(first)) {
      return name.appendCodePoint(next()).toString();
    }
    boolean isNumber = Character.isDigit(first);
    while (isNumber ? Character.isDigit(peek()) : isNamePart(peek())) {
      name.appendCodePoint(next());
    }
    return name.toString();
  }

  private static boolean isNamePart(int c) {
    return c == '_' || Character.isLetter(c) || Character.isDigit(c);
  }

  private static boolean isSpace(int c) {
    boolean isNarrow = c < 0x80 && Whitespace.isAscii((char) c);
    return isNarrow || c == 0x85 || c == 0xa0 || Whitespace.isWide(c);
  }

  private int peek() {
    return position < text.length ? text[position] : END;
  }

  private int next() {
    return position < text.length ? text[position++] : END;
  }

  private static void require(boolean isSo) throws SyntaxException {
    if (!isSo) {
      throw new SyntaxException();
    }
  }
}
