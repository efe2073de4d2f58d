package io.tarkiln.dockerignore;

/**
 * Whether Go's filepath.Match takes a pattern, which is what moby asks of each before it uses it.
 * It is asked with the path {@code .}, and looks no further than it takes to say that they do not
 * match; so most mistakes behind the first star go unnoticed. How patterns match afterwards follows
 * other rules.
 */
final class GlobSyntax {
  private static final int WRONG = -1;

  /** What lies between two stars. */
  private final String chunk;

  private int at;

  private GlobSyntax(String chunk) {
    this.chunk = chunk;
  }

  /** Whether brackets are closed and backslashes have something to escape, where it is noticed. */
  static boolean isGood(String pattern) {
    int start = stars(pattern, 0);
    int end = chunkEnd(pattern, start);
    GlobSyntax first = new GlobSyntax(pattern.substring(start, end));
    if (!first.isGood()) {
      return false;
    }
    int next = stars(pattern, end);
    return !new GlobSyntax(first.chunk).isDot()
        || new GlobSyntax(pattern.substring(next, chunkEnd(pattern, next))).isGood();
  }

  private static int stars(String pattern, int from) {
    int end = from;
    while (end < pattern.length() && pattern.charAt(end) == '*') {
      end++;
    }
    return end;
  }

  private static int chunkEnd(String pattern, int from) {
    boolean inBrackets = false;
    for (int end = from; end < pattern.length(); end++) {
      switch (pattern.charAt(end)) {
        case '\\' -> end++;
        case '[' -> inBrackets = true;
        case ']' -> inBrackets = false;
        case '*' -> {
          if (!inBrackets) {
            return end;
          }
        }
        default -> {
          continue;
        }
      }
    }
    return pattern.length();
  }

  private boolean isGood() {
    while (at < chunk.length()) {
      if (element() == WRONG) {
        return false;
      }
    }
    return true;
  }

  /** Whether a good chunk matches a dot, and nothing else. */
  private boolean isDot() {
    return !chunk.isEmpty() && element() == 1 && at == chunk.length();
  }

  /** Reads one; 1 where it matches a dot, 0 where it does not. */
  private int element() {
    char next = chunk.charAt(at++);
    if (next == '[') {
      return brackets();
    }
    if (next == '\\') {
      if (at == chunk.length()) {
        return WRONG;
      }
      next = chunk.charAt(at++);
      return next == '.' ? 1 : 0;
    }
    return next == '.' || next == '?' ? 1 : 0;
  }

  /** The rest of a character class, which has at least one range. */
  private int brackets() {
    boolean isNegated = is('^');
    at += isNegated ? 1 : 0;
    boolean hasDot = false;
    for (int ranges = 0; ranges == 0 || !is(']'); ranges++) {
      int low = character();
      int high = low;
      if (low != WRONG && is('-')) {
        at++;
        high = character();
      }
      if (low == WRONG || high == WRONG) {
        return WRONG;
      }
      hasDot |= low <= '.' && '.' <= high;
    }
    at++;
    return hasDot == isNegated ? 0 : 1;
  }

  /** One end of a range, behind which there must be more. */
  private int character() {
    if (at >= chunk.length() || is('-') || is(']')) {
      return WRONG;
    }
    at += is('\\') ? 1 : 0;
    int length = at < chunk.length() ? RawText.length(chunk, at) : 0;
    int from = at;
    at += length;
    return length > 0 && at < chunk.length()
        ? RawText.decoded(chunk.substring(from, at)).codePointAt(0)
        : WRONG;
  }

  private boolean is(char character) {
    return at < chunk.length() && chunk.charAt(at) == character;
  }
}
