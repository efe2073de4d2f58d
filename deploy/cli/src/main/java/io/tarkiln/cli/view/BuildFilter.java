package io.tarkiln.cli.view;

import io.tarkiln.event.BuildFinished;
import java.util.Optional;

/**
 * Selects builds.
 *
 * @param workload only of this one; empty for all
 * @param failed only those that failed
 */
public record BuildFilter(Optional<String> workload, boolean failed) {
  /** Whether a build is selected; one whose request is not known never is. */
  boolean matches(BuildView view) {
    boolean ofWorkload =
        view.request()
            .map(request -> workload.isEmpty() || workload.get().equals(request.workload()))
            .orElse(false);
    boolean ofOutcome =
        !failed
            || view.outcome()
                .map(outcome -> outcome.outcome() == BuildFinished.Outcome.FAILED)
                .orElse(false);
    return ofWorkload && ofOutcome;
  }
}
