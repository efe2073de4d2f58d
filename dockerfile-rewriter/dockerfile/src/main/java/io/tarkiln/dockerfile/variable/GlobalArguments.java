package io.tarkiln.dockerfile.variable;

import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import io.tarkiln.dockerfile.variable.Expansion.Reading;
import io.tarkiln.dockerfile.variable.Expansion.UnresolvedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The variables that FROM may use: those of ARG instructions before the first FROM, with their
 * defaults or what the build was given, and the platform variables if the build was given them.
 * Kaniko reads the same text in its own way, which is kept beside it.
 */
public final class GlobalArguments {
  private static final Pattern PLATFORM =
      Pattern.compile("(TARGET|BUILD)(PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE");

  private final Map<String, String> given;
  private final Map<String, String> platform;
  private final char escape;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> defaultsOfKaniko = new HashMap<>();
  private final ExpansionBudget effort = new ExpansionBudget();

  /**
   * Begins with no variables but the platform's.
   *
   * @param platform values of platform variables that the build does not give; Kaniko gets them too
   */
  public GlobalArguments(Map<String, String> given, Map<String, String> platform, char escape) {
    this.given = Map.copyOf(given);
    this.platform = Map.copyOf(platform);
    this.escape = escape;
    values.putAll(platform);
    given.forEach(
        (name, value) -> {
          if (isPlatform(name)) {
            values.put(name, value);
          }
        });
  }

  /** Whether BuildKit sets the variable itself, to what is known in the build only. */
  static boolean isPlatform(String name) {
    return PLATFORM.matcher(name).matches();
  }

  /** Takes an ARG instruction; a default without a value leaves its variable without one. */
  public void declare(Instruction argument) {
    for (Token word : argument.words()) {
      int equals = word.text().indexOf('=');
      String name = equals < 0 ? word.text() : word.text().substring(0, equals);
      if (equals >= 0) {
        String text = word.text().substring(equals + 1);
        set(defaultsOfKaniko, name, byKaniko(withoutQuotes(text), true));
        set(values, name, byBuildKit(text));
      }
      if (given.containsKey(name)) {
        values.put(name, given.get(name));
      }
    }
  }

  /** What BuildKit makes of an operand. */
  public String expand(String word) throws UnresolvedException {
    return Expansion.of(
        word, name -> Optional.ofNullable(values.get(name)), escape, Reading.BUILDKIT, effort);
  }

  /** What Kaniko makes of it; empty where it has no value there. */
  public Optional<String> expandedByKaniko(String word) {
    return byKaniko(word, false);
  }

  private Optional<String> byBuildKit(String word) {
    try {
      return Optional.of(expand(word));
    } catch (UnresolvedException unresolved) {
      return Optional.empty();
    }
  }

  /**
   * Kaniko ({@code pkg/dockerfile/dockerfile.go}) takes all that the build was given, declared or
   * not; in operands, but not in defaults, an empty value counts for nothing. It knows no escape
   * directive.
   */
  private Optional<String> byKaniko(String word, boolean isDefault) {
    Function<String, Optional<String>> all =
        name ->
            Optional.ofNullable(given.get(name))
                .filter(value -> isDefault || !value.isEmpty())
                .or(() -> Optional.ofNullable(defaultsOfKaniko.get(name)))
                .or(() -> Optional.ofNullable(platform.get(name)));
    try {
      return Optional.of(Expansion.of(word, all, '\\', Reading.KANIKO, effort));
    } catch (UnresolvedException unresolved) {
      return Optional.empty();
    }
  }

  /** Kaniko takes quotes around a whole default away before it looks for variables in it. */
  private static String withoutQuotes(String text) {
    int last = text.length() - 1;
    boolean quoted =
        last > 0
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(0) == text.charAt(last);
    return quoted ? text.substring(1, last) : text;
  }

  private static void set(Map<String, String> values, String name, Optional<String> value) {
    value.ifPresentOrElse(set -> values.put(name, set), () -> values.remove(name));
  }
}
