package io.tarkiln.build;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The build cannot succeed as it was asked for, however often it is tried. The message says what
 * was tried, on what, and what to do, in one sentence without secrets.
 */
public final class RejectedException extends BuildException {
  private final Reason reason;
  private final List<String> lastLines;

  public RejectedException(Reason reason, String message) {
    this(reason, message, List.of(), null);
  }

  public RejectedException(Reason reason, String message, Throwable cause) {
    this(reason, message, List.of(), cause);
  }

  /** As above, with the last lines of the log that shows the fault. */
  public RejectedException(
      Reason reason, String message, List<String> lastLines, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.lastLines = List.copyOf(lastLines);
  }

  public Reason reason() {
    return reason;
  }

  public List<String> lastLines() {
    return lastLines;
  }
}
