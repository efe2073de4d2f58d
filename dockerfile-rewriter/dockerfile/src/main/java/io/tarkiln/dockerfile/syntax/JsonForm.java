package io.tarkiln.dockerfile.syntax;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arguments written as a JSON array. BuildKit takes what its JSON parser can read as an array of
 * strings for the words themselves, refuses an array of anything else, and takes all other text for
 * a shell's.
 */
public final class JsonForm {
  private static final Set<String> MAY_HAVE =
      Set.of("ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME");

  /** How deep Go's JSON parser goes. */
  private static final int DEEPEST = 10_000;

  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");

  private final String text;
  private int position;
  private boolean onlyStrings = true;

  /** The text is no JSON. */
  private static final class NotJsonException extends Exception {
    NotJsonException() {
      super("no JSON", null, false, false);
    }
  }

  private JsonForm(String text) {
    this.text = Whitespace.trimmed(text);
  }

  /** Refuses an array of anything but strings. */
  static void check(Instruction instruction) throws ParseException {
    if (!MAY_HAVE.contains(instruction.keyword())) {
      return;
    }
    String rest = instruction.rest();
    boolean isHealthcheck = instruction.keyword().equals("HEALTHCHECK");
    JsonForm form = new JsonForm(isHealthcheck ? afterFirstWord(rest) : rest);
    if (form.isArray() && !form.onlyStrings) {
      throw new ParseException(instruction.line(), "an array in JSON must hold strings only");
    }
  }

  /** Whether the text is an array of strings. */
  public static boolean isOneOfStrings(String text) {
    JsonForm form = new JsonForm(text);
    return form.isArray() && form.onlyStrings;
  }

  private static String afterFirstWord(String rest) {
    int end = 0;
    while (end < rest.length() && !Whitespace.isAscii(rest.charAt(end))) {
      end++;
    }
    return rest.substring(end);
  }

  private boolean isArray() {
    if (!text.startsWith("[")) {
      return false;
    }
    try {
      array();
      return position == text.length();
    } catch (NotJsonException shell) {
      return false;
    }
  }

  /** Reads without recursion, so that a deep array cannot exhaust the stack. */
  private void array() throws NotJsonException {
    StringBuilder open = new StringBuilder();
    do {
      if (!opens(open)) {
        close(open);
      }
    } while (!open.isEmpty());
  }

  /** Reads the begin of a value; whether it is an array or object with something in it. */
  private boolean opens(StringBuilder open) throws NotJsonException {
    char c = take();
    onlyStrings &= c == '"' || open.isEmpty();
    if (c != '[' && c != '{') {
      scalar(c);
      return false;
    }
    open.append(c);
    if (open.length() > DEEPEST) {
      throw new NotJsonException();
    }
    boolean isEmpty = take() == closing(c);
    position--;
    if (!isEmpty && c == '{') {
      key();
    }
    return !isEmpty;
  }

  /** After a value: closes what ends here, up to the next comma. */
  private void close(StringBuilder open) throws NotJsonException {
    while (!open.isEmpty()) {
      char last = open.charAt(open.length() - 1);
      char c = take();
      if (c == ',') {
        if (last == '{') {
          key();
        }
        return;
      }
      require(c == closing(last));
      open.setLength(open.length() - 1);
    }
  }

  private static char closing(char opening) {
    return opening == '[' ? ']' : '}';
  }

  private void key() throws NotJsonException {
    require(take() == '"');
    string();
    require(take() == ':');
  }

  private void scalar(char c) throws NotJsonException {
    switch (c) {
      case '"' -> string();
      case 't' -> literal("rue");
      case 'f' -> literal("alse");
      case 'n' -> literal("ull");
      default -> number();
    }
  }

  private void literal(String rest) throws NotJsonException {
    require(text.startsWith(rest, position));
    position += rest.length();
  }

  private void string() throws NotJsonException {
    for (char c = raw(); c != '"'; c = raw()) {
      require(c >= ' ');
      if (c == '\\') {
        char escaped = raw();
        require("\"\\/bfnrtu".indexOf(escaped) >= 0);
        for (int i = 0; escaped == 'u' && i < 4; i++) {
          require(Character.digit(raw(), 16) >= 0);
        }
      }
    }
  }

  /** Go takes no number that a double cannot hold. */
  private void number() throws NotJsonException {
    Matcher number = NUMBER.matcher(text).region(position - 1, text.length());
    require(number.lookingAt());
    require(!Double.isInfinite(Double.parseDouble(number.group())));
    position = number.end();
  }

  /** The next character that is no white space. */
  private char take() throws NotJsonException {
    char c = raw();
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      c = raw();
    }
    return c;
  }

  private char raw() throws NotJsonException {
    require(position < text.length());
    return text.charAt(position++);
  }

  private static void require(boolean isSo) throws NotJsonException {
    if (!isSo) {
      throw new NotJsonException();
    }
  }
}
