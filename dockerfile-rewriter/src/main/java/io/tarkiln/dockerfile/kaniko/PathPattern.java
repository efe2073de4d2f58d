package io.tarkiln.dockerfile.kaniko;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A path with wildcards, part by part as Go's {@code filepath.Match} reads it. */
final class PathPattern {
  private final List<Pattern> parts;

  private PathPattern(List<Pattern> parts) {
    this.parts = parts;
  }

  static boolean isOne(String path) {
    return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /** Reads a clean path; empty where it is no pattern that anything can match. */
  static Optional<PathPattern> of(String path) {
    List<Pattern> parts = new ArrayList<>();
    try {
      for (String part : path.split("/")) {
        parts.add(Pattern.compile(regex(part), Pattern.DOTALL));
      }
    } catch (PatternSyntaxException bad) {
      return Optional.empty();
    }
    return Optional.of(new PathPattern(parts));
  }

  private static String regex(String part) {
    StringBuilder regex = new StringBuilder();
    int set = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '\\' && i + 1 < part.length()) {
        regex.append(Pattern.quote(String.valueOf(part.charAt(++i))));
      } else if (set > 0 && c == ']' && i > set) {
        regex.append(']');
        set = 0;
      } else if (set > 0) {
        regex.append(c == '-' || (c == '^' && i == set) ? "" + c : Pattern.quote("" + c));
      } else if (c == '[') {
        regex.append('[');
        set = i + 1;
      } else {
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote("" + c));
      }
    }
    return regex.toString();
  }

  /** The begin of a path that has as many parts as the pattern. */
  Optional<String> prefixOf(String path) {
    int end = -1;
    for (int i = 0; i < parts.size(); i++) {
      if (end == path.length()) {
        return Optional.empty();
      }
      end = path.indexOf('/', end + 1);
      end = end < 0 ? path.length() : end;
    }
    return Optional.of(path.substring(0, end));
  }

  boolean matches(String path) {
    String[] names = path.split("/");
    if (names.length != parts.size()) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!parts.get(i).matcher(names[i]).matches()) {
        return false;
      }
    }
    return true;
  }
}
