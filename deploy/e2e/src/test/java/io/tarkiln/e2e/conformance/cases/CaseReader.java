package io.tarkiln.e2e.conformance.cases;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the cases of one file; README.md beside the files has the format. */
final class CaseReader {
  private static final String CASE = "=== ";
  private static final String FILE = "--- ";
  private static final String COMMENT = "# ";

  private final String topic;
  private final List<String> lines;
  private int next;

  private CaseReader(String topic, String text) {
    this.topic = topic;
    this.lines = text.lines().toList();
  }

  /**
   * All cases of a text, in its order.
   *
   * @throws IllegalArgumentException names the line that is not understood
   */
  static List<ConformanceCase> read(String topic, String text) {
    return new CaseReader(topic, text).cases();
  }

  private List<ConformanceCase> cases() {
    List<ConformanceCase> cases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (next < lines.size() && (isBlank() || lines.get(next).startsWith(COMMENT))) {
      next++;
    }
    while (next < lines.size()) {
      ConformanceCase one = one();
      if (!names.add(one.name())) {
        throw wrong("the name " + one.name() + " comes twice");
      }
      cases.add(one);
    }
    return cases;
  }

  private ConformanceCase one() {
    if (!lines.get(next).startsWith(CASE)) {
      throw wrong("a case begins with '=== name'");
    }
    String name = lines.get(next).substring(CASE.length()).strip();
    if (!name.matches("[a-z0-9][a-z0-9-]{0,40}[a-z0-9]")) {
      throw wrong("a name has small letters, digits and dashes, at most 42");
    }
    next++;
    Header header = header();
    List<CaseFile> first = new ArrayList<>();
    List<CaseFile> second = new ArrayList<>();
    while (next < lines.size() && lines.get(next).startsWith(FILE)) {
      String title = lines.get(next++).substring(FILE.length());
      boolean isSecond = title.startsWith("second ");
      List<String> content = content();
      try {
        (isSecond ? second : first)
            .add(
                FileTitle.of(isSecond ? title.substring("second ".length()) : title).file(content));
      } catch (IllegalArgumentException broken) {
        throw wrong(broken.getMessage());
      }
    }
    if (first.isEmpty()) {
      throw wrong("the case " + name + " has no file: write '--- Dockerfile'");
    }
    return header.toCase(name, topic, first, second);
  }

  private Header header() {
    Header header = new Header();
    for (; next < lines.size() && !isTitle(); next++) {
      String line = lines.get(next);
      if (isBlank() || line.startsWith(COMMENT)) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw wrong("write 'key: value', or '--- path' to begin a file");
      }
      try {
        header.put(line.substring(0, colon), line.substring(colon + 1).strip());
      } catch (IllegalArgumentException broken) {
        throw wrong(broken.getMessage());
      }
    }
    if (header.source.isEmpty()) {
      throw wrong("a case needs a source: an address, or 'source: ours: ...'");
    }
    return header;
  }

  /** Up to the next title, without the blank lines before it. */
  private List<String> content() {
    int from = next;
    while (next < lines.size() && !isTitle()) {
      next++;
    }
    int to = next;
    while (to > from && lines.get(to - 1).isBlank()) {
      to--;
    }
    return lines.subList(from, to);
  }

  private boolean isTitle() {
    return lines.get(next).startsWith(CASE) || lines.get(next).startsWith(FILE);
  }

  private boolean isBlank() {
    return lines.get(next).isBlank();
  }

  private IllegalArgumentException wrong(String message) {
    int line = Math.min(next, lines.size() - 1) + 1;
    return new IllegalArgumentException("%s.txt line %d: %s".formatted(topic, line, message));
  }

  /** What stands before the files of a case. */
  private static final class Header {
    private String source = "";
    private Optional<Integer> row = Optional.empty();
    private boolean isSample;
    private final Map<String, String> arguments = new TreeMap<>();
    private final Map<String, String> secondArguments = new TreeMap<>();
    private Optional<String> target = Optional.empty();
    private String context = ".";
    private Optional<String> dockerfile = Optional.empty();
    private boolean comparesTimes;

    private void put(String key, String value) {
      switch (key) {
        case "source" -> source = value;
        case "row" -> row = Optional.of(Integer.valueOf(value));
        case "sample" -> isSample = yes(value);
        case "arg" -> argument(arguments, value);
        case "second-arg" -> argument(secondArguments, value);
        case "target" -> target = Optional.of(value);
        case "context" -> context = value;
        case "dockerfile" -> dockerfile = Optional.of(value);
        case "times" -> comparesTimes = yes(value);
        default ->
            throw new IllegalArgumentException(
                "no key '%s': there are source, row, sample, arg, second-arg, target, context, dockerfile, times"
                    .formatted(key));
      }
    }

    private static boolean yes(String value) {
      if (!value.equals("yes")) {
        throw new IllegalArgumentException(
            "'%s' is not 'yes': leave the line out".formatted(value));
      }
      return true;
    }

    private static void argument(Map<String, String> arguments, String value) {
      int equals = value.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("write NAME=value, not '%s'".formatted(value));
      }
      arguments.put(value.substring(0, equals), value.substring(equals + 1));
    }

    private ConformanceCase toCase(
        String name, String topic, List<CaseFile> first, List<CaseFile> second) {
      Map<String, String> later = new TreeMap<>(arguments);
      later.putAll(secondArguments);
      return new ConformanceCase(
          name,
          topic,
          source,
          row,
          isSample,
          arguments,
          later,
          target,
          context,
          dockerfile.orElse(context.equals(".") ? "Dockerfile" : context + "/Dockerfile"),
          comparesTimes,
          first,
          second);
    }
  }
}
