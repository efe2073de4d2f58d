package io.tarkiln.registry.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry asks for with 401 (RFC 9110, section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by lower-case name
 */
public record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

  /** The first challenge that we know how to answer; bearer before basic. */
  static Optional<Challenge> of(List<String> headers) {
    List<Challenge> known =
        headers.stream()
            .map(Challenge::parse)
            .filter(each -> each.scheme.equals("bearer") || each.scheme.equals("basic"))
            .toList();
    return known.stream()
        .filter(each -> each.scheme.equals("bearer"))
        .findFirst()
        .or(() -> known.stream().findFirst());
  }

  private static Challenge parse(String header) {
    String[] parts = header.strip().split("\\s+", 2);
    Map<String, String> parameters = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(parts.length > 1 ? parts[1] : "");
    while (matcher.find()) {
      String value =
          matcher.group(2) == null
              ? matcher.group(3)
              : matcher.group(2).replaceAll("\\\\(.)", "$1");
      parameters.putIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), value);
    }
    return new Challenge(parts[0].toLowerCase(Locale.ROOT), parameters);
  }
}
