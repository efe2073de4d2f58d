package io.tarkiln.dockerfile.variable;

import java.util.Optional;
import java.util.function.Function;

/**
 * Expands variables and removes quotes in a word as BuildKit's shell lexer does: {@code $name},
 * {@code ${name}} and its modifiers {@code :- - :+ + :? ? # ## % %% / //}.
 */
public final class Expansion {
  /** Longest value, in characters: nested defaults can grow exponentially. */
  private static final int MAX_LENGTH = 4096;

  private static final int DEEPEST = 100;

  /** Stands for a value that is missing; no byte of a file is this character. */
  private static final char MISSING = '\u0100';

  /** Parameters of a shell's own, which no build has: {@code $@}, {@code $1}. */
  private static final String SHELLS_OWN = "@*#?-$!0123456789";

  private final String text;
  private final Function<String, Optional<String>> values;
  private final char escape;
  private final Reading reading;
  private final ExpansionBudget effort;
  private int position;
  private int depth;
  private String missing = "";

  /** The lexer's scanner passes over it at the begin. */
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  /** Whose lexer it is. */
  public enum Reading {
    BUILDKIT,
    /** That of Kaniko 1.24, an older one: an escape in single quotes escapes within patterns. */
    KANIKO
  }

  /** A word has no value before the build; the message is the variable that is to blame. */
  public static final class UnresolvedException extends Exception {
    UnresolvedException(String variable) {
      super(variable);
    }
  }

  private Expansion(
      String text,
      Function<String, Optional<String>> values,
      char escape,
      Reading reading,
      ExpansionBudget effort) {
    this.text = text;
    this.values = values;
    this.escape = escape;
    this.reading = reading;
    this.effort = effort;
    this.position = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
  }

  /**
   * The value of a word.
   *
   * @param values of variables; empty for those that have none
   */
  public static String of(
      String word,
      Function<String, Optional<String>> values,
      char escape,
      Reading reading,
      ExpansionBudget effort)
      throws UnresolvedException {
    Expansion expansion = new Expansion(word, values, escape, reading, effort);
    String value = expansion.until('\0', false, false);
    if (value.indexOf(MISSING) >= 0) {
      throw new UnresolvedException(expansion.missing);
    }
    return value;
  }

  /**
   * Reads up to the stop character, which is consumed, or to the end where there is none.
   *
   * @param keepEscapes whether escapes stay before what they escape
   * @param isPattern whether escapes between quotes are meant as they stand
   */
  private String until(char stop, boolean keepEscapes, boolean isPattern)
      throws UnresolvedException {
    if (++depth > DEEPEST) {
      throw new UnresolvedException("nested too deeply");
    }
    StringBuilder value = new StringBuilder();
    int start = position;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == stop && stop != '\0') {
        effort.spend(++position - start);
        depth--;
        return value.toString();
      }
      position++;
      if (c == '\'') {
        value.append(singleQuoted(isPattern));
      } else if (c == '"') {
        doubleQuoted(value, keepEscapes);
      } else if (c == '$') {
        value.append(variable());
      } else if (c == escape) {
        value.append(keepEscapes ? String.valueOf(c) : "");
        if (position < text.length()) {
          value.append(text.charAt(position++));
        }
      } else {
        value.append(c);
      }
      limit(value);
    }
    if (stop != '\0') {
      throw new UnresolvedException("missing " + stop);
    }
    effort.spend(position - start);
    depth--;
    return value.toString();
  }

  private String singleQuoted(boolean isPattern) throws UnresolvedException {
    int end = text.indexOf('\'', position);
    if (end < 0) {
      throw new UnresolvedException("unmatched quote");
    }
    String inside = text.substring(position, end);
    position = end + 1;
    String one = String.valueOf(escape);
    return isPattern && reading == Reading.BUILDKIT ? inside.replace(one, one + one) : inside;
  }

  private void doubleQuoted(StringBuilder value, boolean keepEscapes) throws UnresolvedException {
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '"') {
        return;
      } else if (c == '$') {
        value.append(variable());
      } else if (c == escape && position < text.length()) {
        char next = text.charAt(position);
        boolean escapes = next == '"' || next == '$' || next == escape;
        value.append(keepEscapes ? String.valueOf(c) : "").append(escapes ? next : c);
        position += escapes ? 1 : 0;
      } else {
        value.append(c);
      }
      limit(value);
    }
    throw new UnresolvedException("unmatched quote");
  }

  /** After the dollar sign. */
  private String variable() throws UnresolvedException {
    if (position >= text.length() || text.charAt(position) != '{') {
      String name = name();
      if (!name.isEmpty()) {
        return valueOf(name);
      }
      boolean isShells = position < text.length() && SHELLS_OWN.indexOf(text.charAt(position)) >= 0;
      return isShells ? valueOf(text.substring(position, ++position)) : "$";
    }
    position++;
    String name = name();
    if (name.isEmpty() || position >= text.length()) {
      throw new UnresolvedException("${" + name);
    }
    char modifier = text.charAt(position++);
    return switch (modifier) {
      case '}' -> valueOf(name);
      case ':' -> withDefault(name, true, position < text.length() ? text.charAt(position++) : 0);
      case '-', '+', '?' -> withDefault(name, false, modifier);
      case '#', '%' -> stripped(name, modifier);
      case '/' -> replaced(name);
      default -> throw new UnresolvedException(name);
    };
  }

  private String stripped(String name, char modifier) throws UnresolvedException {
    boolean longest = position < text.length() && text.charAt(position) == modifier;
    position += longest ? 1 : 0;
    String pattern = until('}', true, true);
    String value = valueOf(name);
    if (isMissing(value, pattern)) {
      return missing(name);
    }
    ShellPattern glob = glob(name, pattern);
    effort.spend(glob.steps(value));
    return modifier == '#'
        ? glob.withoutPrefix(value, longest)
        : glob.withoutSuffix(value, longest);
  }

  private String replaced(String name) throws UnresolvedException {
    boolean all = position < text.length() && text.charAt(position) == '/';
    position += all ? 1 : 0;
    String pattern = until('/', true, true);
    String replacement = until('}', true, false);
    String value = valueOf(name);
    if (isMissing(value, pattern)) {
      return missing(name);
    }
    ShellPattern glob = glob(name, pattern);
    effort.spend(glob.steps(value) * (value.length() + 1L));
    return glob.replace(value, replacement, all, MAX_LENGTH)
        .orElseThrow(() -> new UnresolvedException(name));
  }

  private static ShellPattern glob(String name, String pattern) throws UnresolvedException {
    return ShellPattern.of(pattern).orElseThrow(() -> new UnresolvedException(name));
  }

  private String withDefault(String name, boolean emptyCounts, char modifier)
      throws UnresolvedException {
    String word = until('}', false, false);
    Optional<String> value = values.apply(name);
    if (value.isEmpty() && GlobalArguments.isPlatform(name)) {
      return missing(name);
    }
    Optional<String> set = value.filter(one -> !(emptyCounts && one.isEmpty()));
    return switch (modifier) {
      case '-' -> spent(set.orElse(word));
      case '+' -> set.isPresent() ? word : "";
      case '?' -> set.isPresent() ? spent(set.get()) : missing(name);
      default -> throw new UnresolvedException(name);
    };
  }

  private String valueOf(String name) throws UnresolvedException {
    Optional<String> value = values.apply(name);
    return value.isPresent() ? spent(value.get()) : missing(name);
  }

  private String spent(String value) throws UnresolvedException {
    effort.spend(value.length());
    return value;
  }

  /** Matters only where the word's value comes to hang on it. */
  private String missing(String name) {
    missing = missing.isEmpty() ? name : missing;
    return String.valueOf(MISSING);
  }

  private static boolean isMissing(String value, String pattern) {
    return value.indexOf(MISSING) >= 0 || pattern.indexOf(MISSING) >= 0;
  }

  private String name() {
    int start = position;
    while (position < text.length() && isNamePart(text.charAt(position), position == start)) {
      position++;
    }
    return text.substring(start, position);
  }

  private static boolean isNamePart(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }

  private static void limit(StringBuilder value) throws UnresolvedException {
    if (value.length() > MAX_LENGTH) {
      throw new UnresolvedException("a value of more than " + MAX_LENGTH + " characters");
    }
  }
}
