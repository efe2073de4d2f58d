package io.tarkiln.kaniko.argo.api;

import io.tarkiln.pipeline.StageSettings;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A further go at a run that ended because something did not answer: a Workflow of its own, since
 * Argo's {@code retryStrategy} cannot tell a registry that is away from a RUN that failed. What
 * must be known of it is on that Workflow.
 *
 * @param number of this go; the first, which is no repetition, is 1
 * @param since when the first go ended
 * @param notBefore when this one may begin
 */
public record RunAttempt(int number, Instant since, Instant notBefore) {
  /** What comes after a Workflow that ended now; empty when it has been tried for long enough. */
  public static Optional<RunAttempt> after(Workflow ended, StageSettings retry, Instant now) {
    int number = number(ended);
    Instant since =
        ended.annotation(WorkflowLabels.UNAVAILABLE_SINCE).map(Instant::parse).orElse(now);
    return retry
        .retries()
        .delay(number, since, now)
        .map(wait -> new RunAttempt(number + 1, since, now.plus(wait)));
  }

  /** Whether a Workflow's time has come; it has where somebody wrote what is no time. */
  public static boolean mayBegin(Workflow workflow, Instant now) {
    try {
      return workflow
          .annotation(WorkflowLabels.NOT_BEFORE)
          .map(time -> !Instant.parse(time).isAfter(now))
          .orElse(true);
    } catch (DateTimeParseException edited) {
      return true;
    }
  }

  private static int number(Workflow workflow) {
    return workflow.annotation(WorkflowLabels.GO).map(Integer::valueOf).orElse(1);
  }
}
