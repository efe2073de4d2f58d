package io.tarkiln.dockerfile.syntax;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads parser directives: comments {@code # key=value} before anything else in the file. */
final class Directives {
  private static final Pattern DIRECTIVE =
      Pattern.compile("([A-Za-z][A-Za-z0-9]*)[ \t\f\r]*=[ \t\f\r]*(.+)", Pattern.DOTALL);
  private static final Set<String> KNOWN = Set.of("syntax", "escape", "check");

  private final Set<String> seen = new HashSet<>();
  private char escape = '\\';
  private boolean over;

  /** Looks at the next line of the file; after the first that is no directive, nothing counts. */
  void read(int number, String line) throws ParseException {
    int start = Whitespace.skip(line, 0);
    if (!line.startsWith("#", start)) {
      over = true;
      return;
    }
    Matcher directive = DIRECTIVE.matcher(line.substring(Whitespace.skip(line, start + 1)));
    String key = directive.matches() ? directive.group(1).toLowerCase(Locale.ROOT) : "";
    if (!KNOWN.contains(key)) {
      over = true;
      return;
    }
    if (!seen.add(key)) {
      throw new ParseException(number, "only one " + key + " parser directive can be used");
    }
    if (key.equals("escape")) {
      String value = Whitespace.trimmed(directive.group(2));
      if (!value.equals("\\") && !value.equals("`")) {
        throw new ParseException(number, "the escape directive must be a backslash or a backtick");
      }
      escape = value.charAt(0);
    }
  }

  /** Whether no further line can be a directive. */
  boolean areOver() {
    return over;
  }

  char escape() {
    return escape;
  }
}
