package io.tarkiln.git.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a file in the form of git's configuration (git-config, "Syntax") just as git does: its
 * readers differ from JGit's in what a section's line may hold and in how sections are named.
 */
final class GitConfigReader {
  private static final int END = -1;

  private final String text;
  private int at;
  private String section = "";

  private GitConfigReader(String text) {
    this.text = text;
  }

  /**
   * A line of the file.
   *
   * @param name section, subsection and key with dots between them; only the subsection may have
   *     capital letters
   * @param value empty where the line has no equals sign
   */
  record Entry(String name, Optional<String> value) {}

  /** The file is none that git would read. */
  static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
      super(message);
    }
  }

  /** All lines, in their order. */
  static List<Entry> read(String text) throws BrokenException {
    String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
    return new GitConfigReader(plain.replace("\r\n", "\n")).read();
  }

  private List<Entry> read() throws BrokenException {
    List<Entry> entries = new ArrayList<>();
    for (int next = next(); next != END; next = next()) {
      if (next == '#' || next == ';') {
        skipLine();
      } else if (next == '[') {
        section = section();
      } else if (isLetter(next)) {
        at--;
        entries.add(entry());
      } else if (!isSpace(next)) {
        throw broken();
      }
    }
    return entries;
  }

  private String section() throws BrokenException {
    StringBuilder name = new StringBuilder();
    while (true) {
      int next = next();
      if (next == ']') {
        return name.toString();
      } else if (isSpace(next) && next != '\n') {
        return name + "." + subsection();
      } else if (isKey(next) || next == '.') {
        name.append(lower(next));
      } else {
        throw broken();
      }
    }
  }

  private String subsection() throws BrokenException {
    int next = next();
    while (isSpace(next) && next != '\n') {
      next = next();
    }
    if (next != '"') {
      throw broken();
    }
    StringBuilder name = new StringBuilder();
    for (next = next(); next != '"'; next = next()) {
      next = next == '\\' ? next() : next;
      if (next == '\n' || next == END) {
        throw broken();
      }
      name.append((char) next);
    }
    if (next() != ']') {
      throw broken();
    }
    return name.toString();
  }

  private Entry entry() throws BrokenException {
    StringBuilder key = new StringBuilder(section).append('.');
    int next = next();
    for (; isKey(next); next = next()) {
      key.append(lower(next));
    }
    while (next == ' ' || next == '\t') {
      next = next();
    }
    if (next == '\n' || next == END) {
      return new Entry(key.toString(), Optional.empty());
    }
    if (next != '=') {
      throw broken();
    }
    return new Entry(key.toString(), Optional.of(value()));
  }

  private String value() throws BrokenException {
    StringBuilder value = new StringBuilder();
    StringBuilder spaces = new StringBuilder();
    boolean isQuoted = false;
    for (int next = next(); next != '\n' && next != END; next = next()) {
      if (isSpace(next) && !isQuoted) {
        spaces.append(value.isEmpty() ? "" : (char) next);
        continue;
      }
      if (!isQuoted && (next == '#' || next == ';')) {
        skipLine();
        return value.toString();
      }
      value.append(spaces);
      spaces.setLength(0);
      if (next == '"') {
        isQuoted = !isQuoted;
      } else if (next == '\\') {
        value.append(escaped());
      } else {
        value.append((char) next);
      }
    }
    if (isQuoted) {
      throw broken();
    }
    return value.toString();
  }

  private String escaped() throws BrokenException {
    int next = next();
    return switch (next) {
      case '\n' -> "";
      case 't' -> "\t";
      case 'b' -> "\b";
      case 'n' -> "\n";
      case '\\', '"' -> String.valueOf((char) next);
      default -> throw broken();
    };
  }

  private void skipLine() {
    for (int next = next(); next != '\n' && next != END; next = next()) {
      // a comment
    }
  }

  private int next() {
    return at < text.length() ? text.charAt(at++) : END;
  }

  private static boolean isSpace(int each) {
    return each == ' ' || each >= '\t' && each <= '\r';
  }

  private static boolean isLetter(int each) {
    return each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z';
  }

  private static boolean isKey(int each) {
    return isLetter(each) || each >= '0' && each <= '9' || each == '-';
  }

  private static String lower(int each) {
    return String.valueOf((char) each).toLowerCase(Locale.ROOT);
  }

  private BrokenException broken() {
    int last = Math.min(at, text.length());
    return new BrokenException("line " + (1 + text.substring(0, last).lines().count()));
  }
}
