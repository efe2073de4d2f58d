package io.tarkiln.dockerignore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * What Go's standard library does with texts that are bytes (strings.TrimSpace, filepath.Clean,
 * ranging over runes): the rules of {@code .dockerignore} are written in its terms.
 */
final class RawText {
  /** One character of Unicode's White_Space in UTF-8, byte by byte. */
  private static final String SPACE =
      "(?:[\\t-\\r ]|\u00c2[\u0085\u00a0]|\u00e1\u009a\u0080"
          + "|\u00e2\u0080[\u0080-\u008a\u00a8\u00a9\u00af]|\u00e2\u0081\u009f|\u00e3\u0080\u0080)";

  private static final Pattern BEFORE = Pattern.compile("^" + SPACE + "++");
  private static final Pattern LAST = Pattern.compile(SPACE + "$");

  /** Bytes of the longest character in {@link #SPACE}. */
  private static final int MAX_SPACE = 3;

  private RawText() {}

  /** Without white space around it. */
  static String trimmed(String text) {
    String rest = BEFORE.matcher(text).replaceFirst("");
    int end = rest.length();
    while (end > 0) {
      String last = rest.substring(Math.max(0, end - MAX_SPACE), end);
      java.util.regex.Matcher space = LAST.matcher(last);
      if (!space.find()) {
        break;
      }
      end -= last.length() - space.start();
    }
    return rest.substring(0, end);
  }

  /** The shortest path that means the same; {@code .} for nothing. */
  static String cleaned(String path) {
    boolean isAbsolute = path.startsWith("/");
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/")) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (part.equals("..") ? !isAbsolute : !part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    String clean = (isAbsolute ? "/" : "") + String.join("/", parts);
    return clean.isEmpty() ? "." : clean;
  }

  /**
   * Its characters as UTF-8 has them; each byte that is none of UTF-8's becomes U+FFFD by itself,
   * as Go does it.
   */
  static String decoded(String raw) {
    if (raw.chars().allMatch(each -> each < 0x80)) {
      return raw;
    }
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < raw.length(); ) {
      int length = length(raw, at);
      text.append(
          length == 0
              ? "\ufffd"
              : new String(raw.substring(at, at + length).getBytes(ISO_8859_1), UTF_8));
      at += Math.max(length, 1);
    }
    return text.toString();
  }

  /** Bytes of the character that begins there; 0 where none does. */
  static int length(String raw, int at) {
    int first = raw.charAt(at);
    int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first > 0xf4 || at + length > raw.length()) {
      return 0;
    }
    // Unicode 15, table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF.
    int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    for (int next = 1; next < length; next++) {
      int each = raw.charAt(at + next);
      if (each < (next == 1 ? low : 0x80) || each > (next == 1 ? high : 0xbf)) {
        return 0;
      }
    }
    return length;
  }
}
