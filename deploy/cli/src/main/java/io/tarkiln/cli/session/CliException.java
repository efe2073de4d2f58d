package io.tarkiln.cli.session;

import io.tarkiln.event.BuildFinished;

/** An error that ends a command with an exit code and one sentence. */
public final class CliException extends Exception {
  public static final int FAILED = 1;
  public static final int WRONG_USAGE = 2;
  public static final int UNREACHABLE = 3;

  private final int exit;

  public CliException(int exit, String message) {
    super(message);
    this.exit = exit;
  }

  public CliException(int exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  /** The exit code that stands for an outcome. */
  public static int exit(BuildFinished.Outcome outcome) {
    return outcome == BuildFinished.Outcome.SUCCEEDED ? 0 : FAILED;
  }

  /** One sentence, never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  public int exit() {
    return exit;
  }
}
