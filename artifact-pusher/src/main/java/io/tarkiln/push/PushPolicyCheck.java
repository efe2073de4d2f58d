package io.tarkiln.push;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.Step;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.policy.Policies;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a build against the policy once more before anything is pushed: who may publish events may
 * publish this one as well, past the service that checked the request.
 */
record PushPolicyCheck(Policies policies, Step<ImageBuilt> push) implements Step<ImageBuilt> {
  @Override
  public StepResult run(Event<ImageBuilt> event)
      throws RejectedException, UnavailableException, InterruptedException {
    ImageBuilt built = event.data();
    BuildPlan plan = built.plan();
    policies.checkRepository(built.workload(), plan.repository());
    List<String> services = new ArrayList<>(plan.services());
    services.add(built.service());
    policies.checkImages(built.workload(), services, plan.tag(), plan.extraTags());
    policies.checkTags(built.workload(), plan.revision(), plan.tag(), plan.extraTags());
    return push.run(event);
  }

  /** Carries a release on that was decided, which it was after the policy had been asked. */
  @Override
  public StepResult resume(Event<ImageBuilt> event, BuildFinished outcome, BuildOutcomes outcomes)
      throws RejectedException, UnavailableException {
    return push.resume(event, outcome, outcomes);
  }
}
