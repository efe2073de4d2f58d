package io.tarkiln.kaniko.argo;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.json.UnreadableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import io.tarkiln.kaniko.argo.api.RunAttempt;
import io.tarkiln.kaniko.argo.api.StopCause;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.WorkflowOutcome;
import io.tarkiln.store.ObjectKeys;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a run that has ended to its end: the whole log to S3, the end told, the Workflow released.
 * May be begun again after any failure; what was told is not told again by this process.
 */
record RunFinisher(ControllerContext place, Set<String> told) {
  private static final Logger LOG = LoggerFactory.getLogger(RunFinisher.class);

  RunFinisher(ControllerContext place) {
    this(place, Collections.newSetFromMap(Collections.synchronizedMap(new Newest())));
  }

  /** Forgets the oldest; what was told long ago is out of the informer's sight. */
  private static final class Newest extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1;
    private static final int REMEMBERED = 10_000;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > REMEMBERED;
    }
  }

  /** Tells the end of a run, by the log that was followed. */
  void tell(Workflow workflow, KanikoRun run, RunFollower log, boolean followed)
      throws UnavailableException, ExecutionException, InterruptedException {
    if (!told.contains(workflow.name())) {
      log.complete(workflow.attempts(), followed);
      RunEnd end =
          new WorkflowOutcome(
                  workflow, run, place.store().size(run.imageTarKey()), log.tail(), log.heldUp())
              .end();
      if (end instanceof Unavailable unavailable) {
        end =
            isBegunAnew(workflow, run, unavailable)
                ? end
                : new Failed(Reason.UNAVAILABLE, unavailable.message(), log.tail().lines());
      }
      WorkflowOutcome.comment(end).ifPresent(log::note);
      log.store(run.logKey());
      LOG.info(
          "run ended buildId={} service={} workflow={} end={}",
          run.build(),
          run.service(),
          workflow.name(),
          end.getClass().getSimpleName());
      if (!(end instanceof Unavailable)) {
        place.observer().ended(run, end).toCompletableFuture().get();
      }
      told.add(workflow.name());
    }
    release(workflow.name());
  }

  /** Whether the run has another Workflow now; makes it, unless it has been tried long enough. */
  private boolean isBegunAnew(Workflow workflow, KanikoRun run, Unavailable end)
      throws UnavailableException {
    Optional<RunAttempt> next = RunAttempt.after(workflow, place.settings().retry(), Instant.now());
    if (next.isEmpty() || hasOutcome(run)) {
      return false;
    }
    try {
      place.workflows().create(place.manifests().again(run, next.get()));
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

  /** Stops the Workflow if its build has ended, and tells whether it has. */
  boolean stopIfOutlived(Workflow workflow) throws UnavailableException {
    try {
      if (!hasOutcome(workflow.run())) {
        return false;
      }
    } catch (UnreadableException notOurs) {
      return false;
    }
    place.workflows().stop(workflow, StopCause.CANCELLED);
    return true;
  }

  private boolean hasOutcome(KanikoRun run) throws UnavailableException {
    return place.store().exists(ObjectKeys.finished(run.build()));
  }

  /** Lets go of the Workflow, if it is there. */
  void release(String name) throws UnavailableException {
    Optional<Workflow> now = place.workflows().get(name);
    if (now.isPresent() && !now.get().isTold() && !place.workflows().release(now.get())) {
      throw new UnavailableException("Workflow " + name + " changes at this moment");
    }
  }
}
