package io.tarkiln.e2e.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of a case.
 *
 * @param lines what shows it: differences, warnings, or the sentence of an error
 * @param log the last lines of Kaniko
 */
record Result(Outcome outcome, List<String> lines, List<String> log, long milliseconds) {
  private static final int LAST = 30;

  Result {
    lines = List.copyOf(lines);
    log = List.copyOf(log);
  }

  /** Compares what both made. */
  static Result of(Case one, Built right, Built built, long milliseconds) {
    List<String> lines = new ArrayList<>();
    List<String> log = List.of();
    Outcome outcome;
    if (built instanceof Built.Image image) {
      log = image.log();
      if (right instanceof Built.Image wanted) {
        lines.addAll(Comparison.of(wanted.image(), image.image(), one.comparesTimes()));
      } else {
        lines.add("it is built, and BuildKit refuses: " + told(right));
      }
      boolean isWarned = !image.warnings().isEmpty();
      outcome =
          lines.isEmpty()
              ? isWarned ? Outcome.WARNED_FOR_NOTHING : Outcome.SAME
              : isWarned ? Outcome.WARNED : Outcome.DIFFERS;
      image
          .warnings()
          .forEach(
              each ->
                  lines.add(
                      "warning of line %d, %s: %s"
                          .formatted(each.line(), each.code(), each.message())));
    } else {
      lines.add(told(built));
      if (built instanceof Built.Failed failed) {
        log = failed.log();
      }
      if (!(right instanceof Built.Image)) {
        outcome = Outcome.SAME;
        lines.add("BuildKit refuses, too: " + told(right));
      } else {
        outcome = built instanceof Built.Refused ? Outcome.REFUSED : Outcome.FAILED;
      }
    }
    return new Result(
        outcome, lines, log.subList(Math.max(0, log.size() - LAST), log.size()), milliseconds);
  }

  private static String told(Built built) {
    if (built instanceof Built.Refused refused) {
      return refused.message();
    }
    if (built instanceof Built.Failed failed) {
      return failed.message();
    }
    return "an image";
  }

  /** All that a person needs to see why. */
  String explained(Case one) {
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
