package io.tarkiln.e2e.conformance;

import io.tarkiln.e2e.conformance.cases.ConformanceCase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of a case.
 *
 * @param lines what shows it: differences, warnings, or the sentence of an error
 * @param log the last lines of Kaniko
 */
record CaseResult(CaseOutcome outcome, List<String> lines, List<String> log, long milliseconds) {
  private static final int LAST = 30;

  CaseResult {
    lines = List.copyOf(lines);
    log = List.copyOf(log);
  }

  /** Compares what both made. */
  static CaseResult of(ConformanceCase one, BuiltImage right, BuiltImage built, long milliseconds) {
    List<String> lines = new ArrayList<>();
    List<String> log = List.of();
    CaseOutcome outcome;
    if (built instanceof BuiltImage.Image image) {
      log = image.log();
      if (right instanceof BuiltImage.Image wanted) {
        lines.addAll(Comparison.of(wanted.image(), image.image(), one.comparesTimes()));
      } else {
        lines.add("it is built, and BuildKit refuses: " + described(right));
      }
      boolean isWarned = !image.warnings().isEmpty();
      outcome =
          lines.isEmpty()
              ? isWarned ? CaseOutcome.WARNED_FOR_NOTHING : CaseOutcome.SAME
              : isWarned ? CaseOutcome.WARNED : CaseOutcome.DIFFERS;
      image
          .warnings()
          .forEach(
              each ->
                  lines.add(
                      "warning of line %d, %s: %s"
                          .formatted(each.line(), each.code(), each.message())));
    } else {
      lines.add(described(built));
      if (built instanceof BuiltImage.Failed failed) {
        log = failed.log();
      }
      if (!(right instanceof BuiltImage.Image)) {
        outcome = CaseOutcome.SAME;
        lines.add("BuildKit refuses, too: " + described(right));
      } else {
        outcome = built instanceof BuiltImage.Refused ? CaseOutcome.REFUSED : CaseOutcome.FAILED;
      }
    }
    return new CaseResult(
        outcome, lines, log.subList(Math.max(0, log.size() - LAST), log.size()), milliseconds);
  }

  private static String described(BuiltImage built) {
    if (built instanceof BuiltImage.Refused refused) {
      return refused.message();
    }
    if (built instanceof BuiltImage.Failed failed) {
      return failed.message();
    }
    return "an image";
  }

  /** All that a person needs to see why. */
  String explained(ConformanceCase one) {
    return """
    %s is %s
    source: %s
    %s
    --- %s
    %s--- Kaniko's last lines
    %s
    """
        .formatted(
            one.name(),
            outcome.wire(),
            one.source(),
            lines.stream().limit(LAST).map(line -> "  " + line).collect(Collectors.joining("\n")),
            one.dockerfile(),
            one.dockerfileText(),
            String.join("\n", log));
  }
}
