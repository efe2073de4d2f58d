package io.tarkiln.policy;

import java.util.regex.Pattern;

/**
 * A pattern for names: {@code *} stands for any characters but a slash, {@code **} for any.
 *
 * @param text as the operator wrote it
 */
record NamePattern(String text) {
  boolean fits(String name) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '*') {
        expression.append(Pattern.quote(text.substring(i, i + 1)));
      } else if (text.startsWith("**", i)) {
        expression.append(".*");
        i++;
      } else {
        expression.append("[^/]*");
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(name).matches();
  }
}
