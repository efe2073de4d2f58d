package io.tarkiln.dockerfile.syntax;

/**
 * White space as Go's {@code unicode.IsSpace} has it, in text whose characters are the bytes of
 * UTF-8.
 */
final class Whitespace {
  private Whitespace() {}

  /** A space, or one of tab, line feed, vertical tab, form feed and carriage return. */
  static boolean isAscii(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** How many characters the white space takes that begins at the index; 0 where there is none. */
  static int at(String text, int index) {
    int length = text.length();
    if (index >= length) {
      return 0;
    }
    char c = text.charAt(index);
    if (c < 0x80) {
      return isAscii(c) ? 1 : 0;
    }
    if (index + 1 < length && c == 0xc2) {
      char second = text.charAt(index + 1);
      return second == 0x85 || second == 0xa0 ? 2 : 0;
    }
    boolean mayBeThree = c >= 0xe1 && c <= 0xe3 && index + 2 < length;
    return mayBeThree && isThree(c, text.charAt(index + 1), text.charAt(index + 2)) ? 3 : 0;
  }

  /** U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F and U+3000. */
  private static boolean isThree(char first, char second, char third) {
    int point = (first & 0xf) << 12 | (second & 0x3f) << 6 | (third & 0x3f);
    boolean isUtf8 = second >= 0x80 && second < 0xc0 && third >= 0x80 && third < 0xc0;
    return isUtf8 && isWide(point);
  }

  /** White space beyond Latin-1. */
  static boolean isWide(int point) {
    return point == 0x1680
        || (point >= 0x2000 && point <= 0x200a)
        || point == 0x2028
        || point == 0x2029
        || point == 0x202f
        || point == 0x205f
        || point == 0x3000;
  }

  /** The first index from this one on that is not white space. */
  static int skip(String text, int index) {
    int at = index;
    for (int length = at(text, at); length > 0; length = at(text, at)) {
      at += length;
    }
    return at;
  }

  /** Where the text ends without the white space at its end, but not before this index. */
  static int trimmedEnd(String text, int from) {
    int end = text.length();
    while (true) {
      int space = 0;
      for (int length = 1; length <= 3 && space == 0; length++) {
        space = end - length >= from && at(text, end - length) == length ? length : 0;
      }
      if (space == 0) {
        return end;
      }
      end -= space;
    }
  }

  /** The text without white space at both ends. */
  static String trimmed(String text) {
    int start = skip(text, 0);
    return text.substring(start, trimmedEnd(text, start));
  }
}
