package io.tarkiln.dockerignore;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * One pattern. Docker's patterns become Go's regular expressions with little care, and what comes
 * of {@code \d} or {@code [*]} then is what they mean; so they become the same expressions here,
 * for a library with the same grammar. Its time is linear, whatever somebody writes.
 *
 * @param line of the file
 * @param text cleaned, without the mark of an exception
 * @param folder the same without wildcards for all that is in it
 * @param isException whether it takes back what patterns before it ignore
 * @param match how it matches; empty where it is no expression, which counts once it is needed
 */
record IgnorePattern(
    int line, String text, String folder, boolean isException, Optional<Match> match) {
  /** moby means to escape braces and bars too, but its table has no room for them. */
  private static final String MEANT_AS_THEY_ARE = ".+()$";

  /** Characters that have a meaning in a pattern (fsutil's filter has the same list). */
  private static final String SPECIAL = "*[]?^\\";

  /** Whether a path matches. */
  @FunctionalInterface
  interface Match {
    boolean of(String path);
  }

  static IgnorePattern of(int line, String text, boolean isException) {
    String folder = text.replaceFirst("/\\*\\*$", "").replaceFirst("/\\*$", "");
    return new IgnorePattern(line, text, folder, isException, compiled(text));
  }

  boolean matches(String path) throws BadPatternException {
    if (match.isEmpty()) {
      throw new BadPatternException(line, text, "is no pattern that Docker knows");
    }
    return match.get().of(path);
  }

  /** Whether it names one path, perhaps with all that is in there. */
  boolean isPlain() {
    return folder.chars().noneMatch(each -> SPECIAL.indexOf(each) >= 0);
  }

  /** Whether it may match something in a folder, as a plain one. */
  boolean mayMatchBelow(String path) {
    return (folder + "/").startsWith(path + "/");
  }

  private static Optional<Match> compiled(String text) {
    Expression expression = new Expression(RawText.decoded(text));
    return switch (expression.kind()) {
      case EXACT -> Optional.of(text::equals);
      case PREFIX -> {
        String prefix = text.substring(0, text.length() - 2);
        yield Optional.of(path -> path.startsWith(prefix));
      }
      case SUFFIX -> {
        String suffix = text.substring(2);
        boolean hasTop = suffix.startsWith("/");
        yield Optional.of(
            path -> path.endsWith(suffix) || hasTop && path.equals(suffix.substring(1)));
      }
      case EXPRESSION -> compiled(text, expression.text());
    };
  }

  private static Optional<Match> compiled(String text, String expression) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(expression);
    } catch (PatternSyntaxException bad) {
      return Optional.empty();
    }
    // Most paths are told apart by how they begin or end, for which no expression is needed.
    boolean isSimple = text.chars().allMatch(each -> each < 0x80 && "[]^\\{|}".indexOf(each) < 0);
    String first = isSimple ? text.replaceFirst("(?s)[*?].*", "") : "";
    String last = isSimple ? text.substring(lastWildcard(text) + 1) : "";
    String end = last.startsWith("/") ? last.substring(1) : last;
    return Optional.of(
        path ->
            path.startsWith(first)
                && path.endsWith(end)
                && pattern.matcher(RawText.decoded(path)).find());
  }

  private static int lastWildcard(String text) {
    return Math.max(text.lastIndexOf('*'), text.lastIndexOf('?'));
  }

  /** What moby makes of a pattern. */
  private static final class Expression {
    /** How it is compared with a path: most need no expression. */
    enum Kind {
      EXACT,
      PREFIX,
      SUFFIX,
      EXPRESSION
    }

    private final int[] pattern;
    private final StringBuilder text = new StringBuilder("^");
    private Kind kind = Kind.EXACT;
    private int at;

    Expression(String decoded) {
      // Go's text/scanner, which moby reads patterns with, passes over a byte order mark.
      pattern = decoded.replaceFirst("^\ufeff", "").codePoints().toArray();
      for (boolean isFirst = true; at < pattern.length; isFirst = false) {
        read(isFirst);
      }
    }

    Kind kind() {
      return kind;
    }

    String text() {
      return text + "$";
    }

    private void read(boolean isFirst) {
      int next = pattern[at++];
      if (next == '*' && is('*')) {
        at++;
        stars(isFirst);
      } else if (next == '*') {
        add("[^/]*");
      } else if (next == '?') {
        add("[^/]");
      } else if (next == '\\' && at < pattern.length) {
        add("\\" + Character.toString(pattern[at++]));
      } else if (next == '[' || next == ']') {
        add(Character.toString(next));
      } else {
        text.append(MEANT_AS_THEY_ARE.indexOf(next) >= 0 ? "\\" : "").appendCodePoint(next);
      }
    }

    /** Any number of folders, or all that follows. */
    private void stars(boolean isFirst) {
      if (is('/')) {
        at++;
      }
      if (at < pattern.length) {
        add("(.*/)?");
      } else if (kind == Kind.EXACT) {
        kind = Kind.PREFIX;
      } else {
        add(".*");
      }
      kind = isFirst ? Kind.SUFFIX : kind;
    }

    private void add(String expression) {
      text.append(expression);
      kind = Kind.EXPRESSION;
    }

    private boolean is(int character) {
      return at < pattern.length && pattern[at] == character;
    }
  }
}
