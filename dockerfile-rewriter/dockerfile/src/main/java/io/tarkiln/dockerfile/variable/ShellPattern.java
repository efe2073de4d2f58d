package io.tarkiln.dockerfile.variable;

import java.util.Optional;

/**
 * The pattern of {@code ${name#pattern}} and its like: {@code *} and {@code ?} are wild unless a
 * backslash stands before them. Matching takes a time that is bounded by the product of lengths,
 * whatever the pattern.
 */
final class ShellPattern {
  private static final char STAR = '\uE000';
  private static final char ANY = '\uE001';

  /** Literal characters, {@link #STAR} and {@link #ANY}. */
  private final String tokens;

  private ShellPattern(String tokens) {
    this.tokens = tokens;
  }

  /** Reads a pattern; empty where a backslash stands before anything but what it may escape. */
  static Optional<ShellPattern> of(String pattern) {
    StringBuilder tokens = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '*') {
        tokens.append(STAR);
      } else if (c == '?') {
        tokens.append(ANY);
      } else if (c != '\\') {
        tokens.append(c);
      } else if (++i == pattern.length() || "*?\\}/".indexOf(pattern.charAt(i)) < 0) {
        return Optional.empty();
      } else {
        tokens.append(pattern.charAt(i));
      }
    }
    return Optional.of(new ShellPattern(tokens.toString()));
  }

  /** Most steps that matching against this value takes from one place on. */
  long steps(String value) {
    return (value.length() + 1L) * (tokens.length() + 1L);
  }

  /** Removes the shortest or longest match from the begin. */
  String withoutPrefix(String value, boolean longest) {
    int end = end(value, 0, longest);
    return end < 0 ? value : value.substring(end);
  }

  /** Removes the shortest or longest match from the end. */
  String withoutSuffix(String value, boolean longest) {
    ShellPattern backwards = new ShellPattern(new StringBuilder(tokens).reverse().toString());
    String reversed = new StringBuilder(value).reverse().toString();
    return new StringBuilder(backwards.withoutPrefix(reversed, longest)).reverse().toString();
  }

  /**
   * Replaces the first match, or every one.
   *
   * @param longest of results, in characters; empty where the result is longer
   */
  Optional<String> replace(String value, String replacement, boolean all, int longest) {
    StringBuilder result = new StringBuilder();
    int copied = 0;
    int lastEnd = -1;
    for (int start = 0; start <= value.length(); start++) {
      int end = end(value, start, true);
      if (end < 0 || (end == start && start == lastEnd)) {
        continue;
      }
      result.append(value, copied, start).append(replacement);
      if (result.length() > longest) {
        return Optional.empty();
      }
      copied = end;
      lastEnd = end;
      if (!all) {
        break;
      }
      start = Math.max(start, end - 1);
    }
    return Optional.of(result.append(value.substring(copied)).toString());
  }

  /** Where the shortest or longest match ends that begins at the start; -1 where there is none. */
  private int end(String value, int start, boolean longest) {
    boolean[] states = new boolean[tokens.length() + 1];
    states[0] = true;
    skipStars(states);
    int end = states[tokens.length()] ? start : -1;
    for (int i = start; i < value.length() && (longest || end < 0); i++) {
      if (!step(states, value.charAt(i))) {
        break;
      }
      if (states[tokens.length()]) {
        end = i + 1;
      }
    }
    return end;
  }

  /** Takes a character; whether anything can still match. */
  private boolean step(boolean[] states, char c) {
    boolean alive = false;
    for (int i = tokens.length(); i >= 0; i--) {
      boolean stays = i < tokens.length() && states[i] && tokens.charAt(i) == STAR;
      boolean comes =
          i > 0 && states[i - 1] && (tokens.charAt(i - 1) == ANY || tokens.charAt(i - 1) == c);
      states[i] = stays || comes;
      alive |= states[i];
    }
    skipStars(states);
    return alive;
  }

  private void skipStars(boolean[] states) {
    for (int i = 0; i < tokens.length(); i++) {
      if (states[i] && tokens.charAt(i) == STAR) {
        states[i + 1] = true;
      }
    }
  }
}
