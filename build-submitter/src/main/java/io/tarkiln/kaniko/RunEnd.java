package io.tarkiln.kaniko;

import io.tarkiln.build.Reason;
import java.util.List;

/** How a run ended. */
public sealed interface RunEnd {
  /**
   * The image tar is in S3.
   *
   * @param tarBytes its size
   */
  record Built(long tarBytes) implements RunEnd {}

  /**
   * It would fail again in the same way.
   *
   * @param message one sentence a person can act on
   * @param lastLines the end of the log
   */
  record Failed(Reason reason, String message, List<String> lastLines) implements RunEnd {
    public Failed {
      lastLines = List.copyOf(lastLines);
    }
  }

  /**
   * Something that the run needs does not answer; the run may be submitted again.
   *
   * @param message one sentence a person can act on
   */
  record Unavailable(String message) implements RunEnd {}

  /** It was stopped on demand. */
  record Cancelled() implements RunEnd {}
}
