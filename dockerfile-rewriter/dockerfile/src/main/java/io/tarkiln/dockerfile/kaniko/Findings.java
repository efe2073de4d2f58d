package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is reported about a file. */
final class Findings {
  private final List<Verdict.Difference> differences = new ArrayList<>();
  private final Set<String> reported = new HashSet<>();

  /** Ends the decision: the build is refused. */
  static final class CannotException extends RuntimeException {
    private final transient Verdict.Cannot verdict;

    CannotException(Verdict.Cannot verdict) {
      super(verdict.message(), null, false, false);
      this.verdict = verdict;
    }

    Verdict.Cannot verdict() {
      return verdict;
    }
  }

  /** The exception to throw where Kaniko cannot build an instruction. */
  static CannotException cannot(Instruction where, String code, String message) {
    return new CannotException(new Verdict.Cannot(where.line(), code, message));
  }

  /** Reports once for an instruction that it is built otherwise. */
  void differs(Instruction where, String code, String message) {
    if (reported.add(where.line() + code)) {
      differences.add(new Verdict.Difference(where.line(), code, message));
    }
  }

  List<Verdict.Difference> byLine() {
    return differences.stream().sorted(Comparator.comparingInt(Verdict.Difference::line)).toList();
  }
}
