package io.tarkiln.dockerfile;

import java.util.HashMap;
import java.util.Map;

/**
 * The variables that FROM may use: those of ARG instructions before the first FROM, with their
 * defaults or what the build was given, and the platform variables if the build was given them.
 */
final class GlobalArguments {
  private final Map<String, String> given;
  private final char escape;
  private final Map<String, String> values = new HashMap<>();

  GlobalArguments(Map<String, String> given, char escape) {
    this.given = given;
    this.escape = escape;
    given.forEach(
        (name, value) -> {
          if (name.matches("(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)")) {
            values.put(name, value);
          }
        });
  }

  /** Takes an ARG instruction; a default without a value leaves its variable without one. */
  void declare(Instruction argument) {
    for (Token word : argument.words()) {
      int equals = word.text().indexOf('=');
      String name = equals < 0 ? word.text() : word.text().substring(0, equals);
      if (given.containsKey(name)) {
        values.put(name, given.get(name));
      } else if (equals >= 0) {
        try {
          values.put(name, expand(word.text().substring(equals + 1)));
        } catch (Expansion.UnresolvedException unresolved) {
          values.remove(name);
        }
      }
    }
  }

  String expand(String word) throws Expansion.UnresolvedException {
    return Expansion.of(word, values, escape);
  }
}
