package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.kaniko.argo.api.StopCause;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.Workflow.Attempt;
import io.tarkiln.kaniko.argo.api.WorkflowOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How long a Workflow may take that Argo itself would not end: its own limits are those of pods
 * that have begun.
 *
 * @param pullPatience for how long pulling an image may fail
 * @param longestPending for how long a pod may wait for a node
 * @param longestBuild how long ago the build may have been asked for
 */
record RunDeadlines(Duration pullPatience, Duration longestPending, Duration longestBuild) {
  static RunDeadlines of(ArgoSettings settings) {
    return new RunDeadlines(
        settings.pullPatience(), settings.retry().longestHold(), settings.retry().longestBuild());
  }

  /**
   * Why a Workflow that has not ended is to be stopped now, if it is.
   *
   * @param attempts its pods while it runs, oldest first
   * @param heldUp why the last of them has not begun, where its pod says it
   */
  Optional<StopCause> exceeded(
      Workflow workflow, List<Attempt> attempts, Optional<String> heldUp, Instant now) {
    if (workflow.asked().filter(asked -> asked.plus(longestBuild).isBefore(now)).isPresent()) {
      return Optional.of(StopCause.TOO_LATE);
    }
    return attempts.isEmpty()
        ? Optional.empty()
        : exceeded(attempts.get(attempts.size() - 1).heldUp(heldUp), now);
  }

  private Optional<StopCause> exceeded(Attempt last, Instant now) {
    if (WorkflowOutcome.lacksImage(last) && last.startedAt().plus(pullPatience).isBefore(now)) {
      return Optional.of(StopCause.IMAGE_PULL);
    }
    return last.isPending() && last.startedAt().plus(longestPending).isBefore(now)
        ? Optional.of(StopCause.NO_POD)
        : Optional.empty();
  }
}
