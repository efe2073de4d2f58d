package io.tarkiln.pipeline;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;

/** What a stage is for. May be run for the same event any number of times: it converges. */
@FunctionalInterface
public interface Step<T extends EventData> {
  /**
   * Looks at what is there, does what is missing and says what is true. Blocks its thread.
   *
   * @throws RejectedException ends the build
   * @throws UnavailableException has the step run again later
   */
  StepResult run(Event<T> event)
      throws RejectedException, UnavailableException, InterruptedException;

  /**
   * Goes on from an outcome that this stage decided and may not have announced: makes true what it
   * promises and announces it.
   */
  default StepResult resume(Event<T> event, BuildFinished outcome, BuildOutcomes outcomes)
      throws RejectedException, UnavailableException {
    outcomes.announceAndSettle(event, outcome);
    return StepResult.of();
  }
}
