package io.tarkiln.kaniko.argo;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.json.UnreadableException;
import io.tarkiln.kaniko.argo.api.ControllerContext;
import io.tarkiln.kaniko.argo.api.RunSecrets;
import io.tarkiln.kaniko.argo.api.StopCause;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.Workflow.Attempt;
import io.tarkiln.kaniko.argo.api.WorkflowLabels;
import io.tarkiln.kaniko.argo.reconcile.Reconciler;
import io.tarkiln.kaniko.argo.reconcile.Result;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a Workflow one step on from whatever state it is in: resumes it when it is admitted, stops
 * it when it is to go on no longer, follows its log while it runs, settles its end.
 */
final class WorkflowReconciler implements Reconciler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowReconciler.class);

  /** Nothing is heard when a deadline passes. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final ControllerContext context;
  private final WorkflowCache cache;
  private final Admission admission;
  private final LogFollowers logs;
  private final Consumer<String> changed;
  private final RunSettler settler;
  private final RunDeadlines deadlines;
  private final Map<String, TrackedRun> runs = new ConcurrentHashMap<>();

  /**
   * Has done nothing yet.
   *
   * @param changed takes the name of a Workflow for which there is more to do; does not block
   */
  WorkflowReconciler(
      ControllerContext context,
      WorkflowCache cache,
      Admission admission,
      LogFollowers logs,
      Consumer<String> changed) {
    this.context = context;
    this.cache = cache;
    this.admission = admission;
    this.logs = logs;
    this.changed = changed;
    this.settler = new RunSettler(context);
    this.deadlines = RunDeadlines.of(context.settings());
  }

  @Override
  public Result reconcile(String name) throws UnavailableException, IOException {
    Optional<Workflow> cached = cache.get(name);
    if (cached.isEmpty()) {
      return reconcileGone(name);
    }
    cache.forget(name);
    Workflow workflow = cached.get();
    // Nothing else ends one that Argo's controller does not look at.
    boolean isGivenUp = StopCause.of(workflow).filter(StopCause.TOO_LATE::equals).isPresent();
    if (workflow.hasEnded() || workflow.isDeleted() || isGivenUp) {
      return settle(workflow, track(workflow));
    }
    if (workflow.isSuspended() && !admission.isAdmitted(name)) {
      stopIfOverdue(workflow, List.of(), Optional.empty());
      return Result.after(context.settings().resync());
    }
    return goOn(workflow, track(workflow));
  }

  private Result goOn(Workflow workflow, Optional<TrackedRun> run)
      throws UnavailableException, IOException {
    List<Attempt> attempts = workflow.isRunning() ? workflow.attempts() : List.of();
    try {
      if (!stopIfOverdue(workflow, attempts, run)) {
        resumeOrStop(workflow, run);
      }
    } finally {
      // Whatever is away, what Kaniko says is passed on.
      if (!attempts.isEmpty() && run.isPresent()) {
        run.get().follow();
      }
    }
    return Result.after(PERIOD);
  }

  private boolean stopIfOverdue(Workflow workflow, List<Attempt> attempts, Optional<TrackedRun> run)
      throws UnavailableException {
    boolean isStopped = StopCause.of(workflow).isPresent();
    Optional<StopCause> exceeded =
        deadlines
            .exceeded(workflow, attempts, run.flatMap(TrackedRun::heldUp), Instant.now())
            .filter(cause -> !isStopped || cause == StopCause.TOO_LATE);
    if (exceeded.isPresent()) {
      context.workflows().stop(workflow, exceeded.get());
    }
    return exceeded.isPresent();
  }

  private void resumeOrStop(Workflow workflow, Optional<TrackedRun> run)
      throws UnavailableException {
    if (workflow.isSuspended()) {
      resume(workflow, run);
    } else if (run.isPresent() && StopCause.of(workflow).isEmpty()) {
      // Its build may have ended while nobody listened: looks at first, and again at times.
      run.get().stopIfOutlived(workflow, context.settings().resync());
      run.get().putSecret(workflow, RunSecrets.RENEWAL);
    }
  }

  private void resume(Workflow workflow, Optional<TrackedRun> run) throws UnavailableException {
    boolean isDone = false;
    try {
      if (run.isEmpty()) {
        context.workflows().resume(workflow);
      } else if (!run.get().stopIfOutlived(workflow)) {
        run.get().putSecret(workflow, Duration.ZERO);
        context.workflows().resume(workflow);
      }
      isDone = true;
    } finally {
      if (!isDone) {
        admission.withdraw(workflow.name());
      }
    }
  }

  /** The Workflow has ended, or is gone before it has. */
  private Result settle(Workflow workflow, Optional<TrackedRun> run)
      throws UnavailableException, IOException {
    if (run.isPresent()) {
      return run.get().settle(workflow);
    }
    LOG.error("a Workflow with our labels and no event workflow={}", workflow.name());
    settler.release(workflow.name());
    return Result.DONE;
  }

  /** Out of sight: settled and released, or really gone, whatever held it. */
  private Result reconcileGone(String name) throws UnavailableException, IOException {
    Optional<Workflow> last = cache.deleted(name);
    if (last.isPresent() && !isSettled(name) && context.workflows().get(name).isEmpty()) {
      Optional<TrackedRun> run = track(last.get());
      Result result = settle(last.get(), run);
      if (run.isPresent() && !isSettled(name)) {
        return result;
      }
    }
    cache.forget(name);
    Optional.ofNullable(runs.remove(name)).ifPresent(TrackedRun::close);
    return Result.DONE;
  }

  private boolean isSettled(String name) {
    return Optional.ofNullable(runs.get(name)).filter(TrackedRun::isPublished).isPresent();
  }

  /**
   * What is known of the run of a Workflow, which is remembered; empty where it is none of ours.
   */
  private Optional<TrackedRun> track(Workflow workflow) {
    TrackedRun known = runs.get(workflow.name());
    if (known != null && known.isOf(workflow)) {
      return Optional.of(known);
    }
    try {
      String name = workflow.name();
      TrackedRun fresh =
          new TrackedRun(
              settler, logs, workflow, workflow.run(), PERIOD, () -> changed.accept(name));
      Optional.ofNullable(runs.put(name, fresh)).ifPresent(TrackedRun::close);
      return Optional.of(fresh);
    } catch (UnreadableException notOurs) {
      LOG.debug("not ours workflow={}", workflow.name(), notOurs);
      return Optional.empty();
    }
  }

  @Override
  public String describe(String name) {
    return "%s workflow=%s"
        .formatted(
            cache
                .get(name)
                .or(() -> cache.deleted(name))
                .map(
                    each ->
                        "buildId=%s service=%s"
                            .formatted(each.build(), each.label(WorkflowLabels.SERVICE).orElse("")))
                .orElse(""),
            name);
  }

  /** Stops following logs; what was begun goes on in whoever has the lease next. */
  @Override
  public void close() {
    runs.values().forEach(TrackedRun::close);
  }
}
