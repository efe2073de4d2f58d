package io.tarkiln.e2e.conformance;

import io.tarkiln.e2e.conformance.cases.CaseSuite;
import io.tarkiln.e2e.conformance.cases.ConformanceCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Kaniko builds otherwise than BuildKit and is known for: the file {@code kaniko-differences},
 * in which each reason is a line that begins with {@code ==}, and below it stands an outcome and a
 * case a line.
 *
 * @param byReason outcomes by case, by reason, as the file has them
 */
public record KnownDifferences(Map<String, Map<String, CaseOutcome>> byReason) {
  /** Where cases are until a person has written why they are there. */
  public static final String UNEXPLAINED = "(write why)";

  private static final String REASON = "== ";

  static Path file() throws IOException {
    return CaseSuite.folder().resolve("kaniko-differences");
  }

  public static KnownDifferences read() throws IOException {
    return of(Files.readString(file()));
  }

  /**
   * From the text of the file.
   *
   * @throws IllegalArgumentException names the line that is not understood
   */
  static KnownDifferences of(String text) {
    Map<String, Map<String, CaseOutcome>> byReason = new TreeMap<>();
    String reason = UNEXPLAINED;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.startsWith(REASON)) {
        reason = line.substring(REASON.length()).strip();
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split(" +");
        if (words.length != 2) {
          throw new IllegalArgumentException(
              "kaniko-differences line %d: write an outcome and the name of a case"
                  .formatted(number));
        }
        byReason
            .computeIfAbsent(reason, none -> new TreeMap<>())
            .put(words[1], CaseOutcome.ofWire(words[0]));
      }
    }
    return new KnownDifferences(byReason);
  }

  /** What is to become of a case. */
  CaseOutcome of(ConformanceCase one) {
    return byReason.values().stream()
        .flatMap(cases -> Optional.ofNullable(cases.get(one.name())).stream())
        .findFirst()
        .orElse(CaseOutcome.SAME);
  }

  /** The same after these cases have run: reasons stay, and what is new has none yet. */
  KnownDifferences updated(Map<String, CaseOutcome> outcomes) {
    Map<String, Map<String, CaseOutcome>> updated = new TreeMap<>();
    Map<String, CaseOutcome> left = new TreeMap<>(outcomes);
    byReason.forEach(
        (reason, cases) ->
            cases.forEach(
                (name, before) -> {
                  CaseOutcome now = Optional.ofNullable(left.remove(name)).orElse(before);
                  put(updated, reason, name, now);
                }));
    left.forEach((name, outcome) -> put(updated, UNEXPLAINED, name, outcome));
    return new KnownDifferences(updated);
  }

  private static void put(
      Map<String, Map<String, CaseOutcome>> all, String reason, String name, CaseOutcome outcome) {
    if (outcome != CaseOutcome.SAME) {
      all.computeIfAbsent(reason, none -> new TreeMap<>()).put(name, outcome);
    }
  }

  /** The text of the file. */
  String text() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "# Cases whose image is not what BuildKit makes, by the reason: an outcome and a"
                    + " case a line.",
                "# deploy/e2e/conformance --update rewrites this from a run and leaves reasons"
                    + " alone."));
    byReason.forEach(
        (reason, cases) -> {
          lines.add("");
          lines.add(REASON + reason);
          cases.forEach((name, outcome) -> lines.add(outcome.wire() + " " + name));
        });
    return String.join("\n", lines) + "\n";
  }
}
