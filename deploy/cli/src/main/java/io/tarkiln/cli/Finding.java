package io.tarkiln.cli;

/**
 * What a check found.
 *
 * @param said what is there or is not
 * @param advice what to do about it; empty where all is well
 */
record Finding(String what, Verdict verdict, String said, String advice) {
  /** How bad it is. */
  enum Verdict {
    OK,
    /** Something optional is missing. */
    WARN,
    /** No build can work so. */
    FAULT
  }

  static Finding ok(String what, String said) {
    return new Finding(what, Verdict.OK, Printable.line(said, 160), "");
  }

  static Finding warn(String what, String said, String advice) {
    return new Finding(what, Verdict.WARN, Printable.line(said, 160), advice);
  }

  static Finding fault(String what, String said, String advice) {
    return new Finding(what, Verdict.FAULT, Printable.line(said, 160), advice);
  }
}
