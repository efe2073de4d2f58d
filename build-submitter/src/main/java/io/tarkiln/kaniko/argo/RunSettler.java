package io.tarkiln.kaniko.argo;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import io.tarkiln.kaniko.argo.api.ControllerContext;
import io.tarkiln.kaniko.argo.api.RunAttempt;
import io.tarkiln.kaniko.argo.api.StopCause;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.WorkflowOutcome;
import io.tarkiln.store.ObjectKeys;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done about the end of a run, each of which may be done again: the end decided, a further
 * go begun, the Workflow stopped or released.
 */
record RunSettler(ControllerContext context) {
  private static final Logger LOG = LoggerFactory.getLogger(RunSettler.class);

  /**
   * How the run ended, by its Workflow and its whole log; {@link Unavailable} only where a further
   * go has taken its place.
   */
  RunEnd decide(Workflow workflow, KanikoRun run, LogFollower log) throws UnavailableException {
    RunEnd end =
        new WorkflowOutcome(
                workflow, run, context.store().size(run.imageTarKey()), log.tail(), log.heldUp())
            .end();
    if (end instanceof Failed failed && failed.reason() == Reason.AUTHENTICATION_REFUSED) {
      end = context.secrets().access(run).orAgain(end, run, begun(workflow));
    }
    return end instanceof Unavailable unavailable && !isBegunAnew(workflow, run, unavailable)
        ? new Failed(Reason.UNAVAILABLE, unavailable.message(), log.tail().lines())
        : end;
  }

  /** When its last pod began. */
  private static Instant begun(Workflow workflow) {
    return workflow.attempts().stream()
        .map(Workflow.Attempt::startedAt)
        .max(Comparator.naturalOrder())
        .orElseGet(Instant::now);
  }

  /** Whether the run has another Workflow now; makes it, unless it has been tried long enough. */
  private boolean isBegunAnew(Workflow workflow, KanikoRun run, Unavailable end)
      throws UnavailableException {
    Optional<RunAttempt> next =
        RunAttempt.after(workflow, context.settings().retry(), Instant.now());
    if (next.isEmpty() || hasOutcome(run)) {
      return false;
    }
    try {
      context.workflows().create(context.manifests().again(run, next.get()));
    } catch (RejectedException refused) {
      LOG.warn("not begun anew workflow={}", workflow.name(), refused);
      return false;
    }
    LOG.info(
        "begun anew buildId={} service={} workflow={} reason={}",
        run.build(),
        run.service(),
        run.name(next.get().number()),
        end.message());
    return true;
  }

  /** Stops the Workflow if its build has an outcome; returns whether it has. */
  boolean stopIfOutlived(Workflow workflow, KanikoRun run) throws UnavailableException {
    if (!hasOutcome(run)) {
      return false;
    }
    context.workflows().stop(workflow, StopCause.CANCELLED);
    return true;
  }

  private boolean hasOutcome(KanikoRun run) throws UnavailableException {
    return context.store().exists(ObjectKeys.finished(run.build()));
  }

  /** Lets go of the Workflow, if it is there, and takes back what its run was given. */
  void release(String name) throws UnavailableException {
    Optional<Workflow> now = context.workflows().get(name);
    if (now.isPresent() && !now.get().isSettled()) {
      context.secrets().clear(now.get());
      if (!context.workflows().release(now.get())) {
        throw new UnavailableException("Workflow " + name + " changes at this moment");
      }
    }
  }
}
