package io.tarkiln.cli;

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

  int exit() {
    return exit;
  }
}
