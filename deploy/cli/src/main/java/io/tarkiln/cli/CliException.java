package io.tarkiln.cli;

import io.tarkiln.event.BuildFinished;

/** Ends a command with an exit code and one sentence. */
final class CliException extends Exception {
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int UNREACHABLE = 3;

  private final int exit;

  CliException(int exit, String message) {
    super(message);
    this.exit = exit;
  }

  CliException(int exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  /** The exit code that stands for an outcome. */
  static int exit(BuildFinished.Outcome outcome) {
    return outcome == BuildFinished.Outcome.SUCCEEDED ? 0 : FAILED;
  }

  int exit() {
    return exit;
  }
}
