package io.tarkiln.dockerignore;

/**
 * Whether Go's filepath.Match takes a pattern, which is what moby asks of each before it uses it;
 * how it matches afterwards follows other rules.
 */
final class GlobSyntax {
  private final String pattern;
  private int at;

  private GlobSyntax(String pattern) {
    this.pattern = pattern;
  }

  /** Whether each bracket is closed and each backslash has something to escape. */
  static boolean isGood(String pattern) {
    return new GlobSyntax(pattern).isGood();
  }

  private boolean isGood() {
    while (at < pattern.length()) {
      char next = pattern.charAt(at++);
      if (next == '\\' && at++ >= pattern.length() || next == '[' && !brackets()) {
        return false;
      }
    }
    return true;
  }

  /** The rest of a character class, which has at least one range. */
  private boolean brackets() {
    if (is('^')) {
      at++;
    }
    for (int ranges = 0; ranges == 0 || !is(']'); ranges++) {
      if (!character()) {
        return false;
      }
      if (is('-')) {
        at++;
        if (!character()) {
          return false;
        }
      }
    }
    at++;
    return true;
  }

  /** One end of a range, behind which there must be more. */
  private boolean character() {
    if (at >= pattern.length() || is('-') || is(']')) {
      return false;
    }
    if (is('\\')) {
      at++;
    }
    int length = at < pattern.length() ? RawText.length(pattern, at) : 0;
    at += length;
    return length > 0 && at < pattern.length();
  }

  private boolean is(char character) {
    return at < pattern.length() && pattern.charAt(at) == character;
  }
}
