package io.tarkiln.kaniko.argo;

import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.json.UnreadableException;
import io.tarkiln.kaniko.EngineThreads;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.argo.api.ClusterClient;
import io.tarkiln.kaniko.argo.api.StopCause;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.Workflow.Attempt;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after all Workflows while this process has the lease. Whatever happens, it looks at all of
 * them and does what is missing for each: begin, follow the log, stop, tell the end. What it hears
 * from the informer only says when to look, so nothing hangs on hearing everything, save the end of
 * a Workflow that is gone although our finalizer should have held it: that is kept until it is
 * told.
 */
final class WorkflowController implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowController.class);
  private static final long LOOK_SECONDS = 5;
  private static final long FLUSH_MILLIS = 500;
  private static final int ENDERS = 8;

  private final ControllerContext place;
  private final RunFinisher ending;
  private final AdmissionPolicy turns;
  private final RunDeadlines limits;
  private final SharedInformerFactory informers;
  private final SharedIndexInformer<DynamicKubernetesObject> informer;
  private final Map<String, RunFollower> followers = new ConcurrentHashMap<>();
  private final Set<String> followed = ConcurrentHashMap.newKeySet();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Set<String> ends = ConcurrentHashMap.newKeySet();

  /** When it was last looked whether the build of a Workflow had ended. */
  private final Map<String, Instant> outcomesSought = new ConcurrentHashMap<>();

  private final Map<String, Workflow> gone = new ConcurrentHashMap<>();
  private final AtomicBoolean lookComes = new AtomicBoolean();
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(1, EngineThreads.named("argo-look"));
  private final ScheduledExecutorService flusher =
      Executors.newScheduledThreadPool(1, EngineThreads.named("argo-flush"));
  private final ExecutorService enders =
      Executors.newFixedThreadPool(ENDERS, EngineThreads.named("argo-end"));
  private final ExecutorService readers =
      Executors.newCachedThreadPool(EngineThreads.named("argo-log"));

  WorkflowController(ControllerContext place, ClusterClient cluster) {
    this.place = place;
    this.ending = new RunFinisher(place);
    this.turns =
        new AdmissionPolicy(
            place.settings().mostRunning(), place.settings().mostRunningPerWorkload());
    this.limits = RunDeadlines.of(place.settings());
    this.informers = new SharedInformerFactory(cluster.streams());
    this.informer =
        informers.sharedIndexInformerFor(
            place.workflows().untold(),
            DynamicKubernetesObject.class,
            place.settings().resync().toMillis(),
            // It lists and watches anew every second, so one line each time is enough.
            (type, broken) -> LOG.warn("cannot watch Workflows: {}", broken.getMessage()));
  }

  void start() {
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(DynamicKubernetesObject added) {
            lookSoon();
          }

          @Override
          public void onUpdate(DynamicKubernetesObject before, DynamicKubernetesObject now) {
            lookSoon();
          }

          @Override
          public void onDelete(DynamicKubernetesObject deleted, boolean stateUnknown) {
            Workflow last = new Workflow(deleted.getRaw());
            gone.put(last.name(), last);
            lookSoon();
          }
        });
    informers.startAllRegisteredInformers();
    clock.scheduleWithFixedDelay(this::lookSoon, 0, LOOK_SECONDS, TimeUnit.SECONDS);
    flusher.scheduleWithFixedDelay(this::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Lets go of everything; what was begun goes on in whoever has the lease next. */
  @Override
  public void close() {
    informers.stopAllRegisteredInformers(true);
    clock.shutdownNow();
    flusher.shutdownNow();
    enders.shutdownNow();
    readers.shutdownNow();
    followers.values().forEach(RunFollower::close);
  }

  private void lookSoon() {
    if (lookComes.compareAndSet(false, true)) {
      try {
        clock.execute(this::look);
      } catch (RejectedExecutionException closed) {
        LOG.debug("closed", closed);
      }
    }
  }

  private void look() {
    lookComes.set(false);
    if (!informer.hasSynced()) {
      return;
    }
    try {
      List<Workflow> all =
          informer.getIndexer().list().stream().map(each -> new Workflow(each.getRaw())).toList();
      begun.retainAll(all.stream().filter(Workflow::isSuspended).map(Workflow::name).toList());
      outcomesSought.keySet().retainAll(all.stream().map(Workflow::name).toList());
      all.forEach(this::lookAt);
      gone.values().forEach(this::lookAtGone);
      turns.next(all, begun, Instant.now()).forEach(this::begin);
    } catch (RuntimeException defect) {
      LOG.error("defect in looking at Workflows", defect);
    }
  }

  private void lookAt(Workflow workflow) {
    Optional<StopCause> stopped = StopCause.of(workflow);
    // Nothing else ends one that Argo's controller does not look at.
    boolean isGivenUp = stopped.filter(StopCause.TOO_LATE::equals).isPresent();
    if (workflow.hasEnded() || workflow.isDeleted() || isGivenUp) {
      end(workflow);
      return;
    }
    List<Attempt> attempts = workflow.isRunning() ? workflow.attempts() : List.of();
    if (!attempts.isEmpty()) {
      follow(workflow);
    }
    if (workflow.isRunning() && stopped.isEmpty()) {
      lookForOutcome(workflow);
    }
    Optional<String> heldUp =
        Optional.ofNullable(followers.get(workflow.name())).flatMap(RunFollower::heldUp);
    limits
        .exceeded(workflow, attempts, heldUp, Instant.now())
        .filter(cause -> stopped.isEmpty() || cause == StopCause.TOO_LATE)
        .ifPresent(cause -> work(() -> place.workflows().stop(workflow, cause)));
  }

  /** Its build may have ended while nobody listened: looks at first, and again at times. */
  private void lookForOutcome(Workflow workflow) {
    Instant now = Instant.now();
    Instant last = outcomesSought.getOrDefault(workflow.name(), Instant.EPOCH);
    if (last.plus(place.settings().resync()).isBefore(now)) {
      outcomesSought.put(workflow.name(), now);
      work(() -> ending.stopIfOutlived(workflow));
    }
  }

  private void begin(Workflow workflow) {
    begun.add(workflow.name());
    work(
        () -> {
          try {
            if (!ending.stopIfOutlived(workflow)) {
              place.workflows().resume(workflow);
            }
          } catch (UnavailableException failed) {
            begun.remove(workflow.name());
            throw failed;
          }
        });
  }

  private void follow(Workflow workflow) {
    try {
      KanikoRun run = workflow.run();
      if (followed.add(workflow.name())) {
        RunFollower follower = follower(workflow.name(), run);
        readers.execute(follower::follow);
      }
    } catch (UnreadableException notOurs) {
      LOG.debug("no log of {}", workflow.name(), notOurs);
    }
  }

  private RunFollower follower(String name, KanikoRun run) {
    return followers.computeIfAbsent(
        name,
        missing -> {
          try {
            return new RunFollower(
                place, name, (first, lines) -> place.observer().log(run, first, lines));
          } catch (IOException failed) {
            throw new java.io.UncheckedIOException("cannot keep the log of " + name, failed);
          }
        });
  }

  private void end(Workflow workflow) {
    once(workflow.name(), () -> tell(workflow));
  }

  /** Out of sight: told and released, or really gone, whatever held it. */
  private void lookAtGone(Workflow workflow) {
    String name = workflow.name();
    once(
        name,
        () -> {
          if (!ending.told().contains(name) && place.workflows().get(name).isEmpty()) {
            tell(workflow);
          }
          gone.remove(name);
        });
  }

  private void tell(Workflow workflow)
      throws UnavailableException, ExecutionException, InterruptedException {
    String name = workflow.name();
    try {
      KanikoRun run = workflow.run();
      ending.tell(workflow, run, follower(name, run), followed.contains(name));
      Optional.ofNullable(followers.remove(name)).ifPresent(RunFollower::close);
      followed.remove(name);
    } catch (UnreadableException notOurs) {
      LOG.error("a Workflow with our labels and no event workflow={}", name, notOurs);
      ending.release(name);
    }
  }

  private void flush() {
    try {
      followers.values().forEach(RunFollower::flush);
    } catch (RuntimeException failed) {
      LOG.warn("log lines were not told", failed);
    }
  }

  private interface Work {
    void run() throws UnavailableException, ExecutionException, InterruptedException;
  }

  private void work(Work work) {
    try {
      enders.execute(() -> tryOnce(work));
    } catch (RejectedExecutionException closed) {
      LOG.debug("closed", closed);
    }
  }

  /** Works on the end of a run, unless that is being done; if it fails, the next look does it. */
  private void once(String workflow, Work work) {
    if (ends.add(workflow)) {
      work(
          () -> {
            try {
              work.run();
            } finally {
              ends.remove(workflow);
            }
          });
    }
  }

  private static void tryOnce(Work work) {
    try {
      work.run();
    } catch (UnavailableException later) {
      LOG.warn("will be tried again: {}", later.getMessage());
    } catch (ExecutionException failed) {
      LOG.warn("an end was not told and will be: {}", failed.getMessage());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException defect) {
      LOG.error("defect", defect);
    }
  }
}
