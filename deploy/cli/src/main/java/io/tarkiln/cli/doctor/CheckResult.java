package io.tarkiln.cli.doctor;

import io.tarkiln.cli.session.Printable;

/**
 * The finding of a check.
 *
 * @param said what is there or is not
 * @param advice what to do about it; empty where all is well
 */
record CheckResult(String what, Verdict verdict, String said, String advice) {
  /** How bad it is. */
  enum Verdict {
    OK,
    /** Something optional is missing. */
    WARN,
    /** No build can work so. */
    FAULT
  }

  static CheckResult ok(String what, String said) {
    return new CheckResult(what, Verdict.OK, Printable.line(said, 160), "");
  }

  static CheckResult warn(String what, String said, String advice) {
    return new CheckResult(what, Verdict.WARN, Printable.line(said, 160), advice);
  }

  static CheckResult fault(String what, String said, String advice) {
    return new CheckResult(what, Verdict.FAULT, Printable.line(said, 160), advice);
  }
}
