package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.argo.api.ClusterClient;
import io.tarkiln.kaniko.argo.api.ControllerContext;
import io.tarkiln.kaniko.argo.reconcile.ReconcileLoop;
import io.tarkiln.kaniko.argo.reconcile.WorkQueue;
import io.tarkiln.retry.ExponentialBackoff;
import java.time.Duration;

/**
 * Looks after all Workflows while this process has the lease: what the informer hears puts a
 * Workflow's name in a queue, from which workers take it to the {@link WorkflowReconciler}, and has
 * {@link Admission} look at all that wait.
 */
final class WorkflowController implements LeaderElector.Leadership {
  private static final int WORKERS = 16;
  private static final ExponentialBackoff BACKOFF =
      new ExponentialBackoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  /** For how long one that could not be resumed leaves its turn to others. */
  private static final Duration ADMISSION_PAUSE = Duration.ofSeconds(10);

  /** More than what workers wait for, if nothing answers, takes until it times out. */
  private static final Duration MAX_LAG = Duration.ofMinutes(30);

  private final ControllerContext context;
  private final WorkflowCache cache;
  private final WorkQueue names = new WorkQueue(BACKOFF);
  private final WorkQueue admissions = new WorkQueue(BACKOFF);
  private final LogFollowers logs;
  private final WorkflowReconciler reconciler;
  private final ReconcileLoop workers;
  private final ReconcileLoop admitter;

  /** A controller that does nothing yet. */
  WorkflowController(ControllerContext context, ClusterClient cluster) {
    this.context = context;
    this.cache = new WorkflowCache(context.settings(), context.workflows(), cluster);
    this.logs = new LogFollowers(context);
    Admission admission =
        new Admission(
            cache::list,
            new AdmissionPolicy(
                context.settings().maxRunning(), context.settings().maxRunningPerWorkload()),
            ADMISSION_PAUSE,
            names::add);
    this.reconciler = new WorkflowReconciler(context, cache, admission, logs, names::add);
    this.workers = new ReconcileLoop("argo-workflow", WORKERS, names, reconciler);
    this.admitter = new ReconcileLoop("argo-admission", 1, admissions, admission);
  }

  void start() {
    cache.start(
        name -> {
          names.add(name);
          admissions.add(Admission.KEY);
        });
    admissions.add(Admission.KEY);
    workers.start();
    admitter.start();
  }

  /** Whether Workflows are seen and looked at. */
  @Override
  public boolean isAble() {
    return cache.blindFor().compareTo(context.settings().maxBlind()) < 0
        && names.lag().compareTo(MAX_LAG) < 0
        && admissions.lag().compareTo(MAX_LAG) < 0;
  }

  /** Lets go of everything; what was begun goes on in whoever has the lease next. */
  @Override
  public void close() {
    cache.close();
    admitter.close();
    workers.close();
    reconciler.close();
    logs.close();
  }
}
