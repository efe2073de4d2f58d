package io.tarkiln.kaniko.argo;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.json.UnreadableException;
import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.kaniko.SubmittedRun;
import io.tarkiln.kaniko.access.AccessIssuer;
import io.tarkiln.kaniko.access.TokenAccessIssuer;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.kaniko.argo.api.ClusterClient;
import io.tarkiln.kaniko.argo.api.ControllerContext;
import io.tarkiln.kaniko.argo.api.PodApi;
import io.tarkiln.kaniko.argo.api.RunSecrets;
import io.tarkiln.kaniko.argo.api.StopCause;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.WorkflowApi;
import io.tarkiln.kaniko.argo.api.WorkflowLabels;
import io.tarkiln.kaniko.argo.api.WorkflowManifests;
import io.tarkiln.retry.ExponentialBackoff;
import io.tarkiln.retry.FailureStreak;
import io.tarkiln.retry.RetryPolicy;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectAddresses;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.thread.DaemonThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Argo run Kaniko. Any number of these may work in one namespace: each creates Workflows, and
 * the one that has the lease looks after all of them.
 */
public final class ArgoEngine implements KanikoEngine {
  private static final Logger LOG = LoggerFactory.getLogger(ArgoEngine.class);
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(15);
  private static final RetryPolicy CANCEL_RETRIES =
      RetryPolicy.times(20, new ExponentialBackoff(CANCEL_WAIT, CANCEL_WAIT));

  private final ArgoSettings settings;
  private final ClusterClient cluster;
  private final ObjectStore store;
  private final ObjectAddresses addresses;
  private final AccessIssuer access;
  private final WorkflowManifests manifests;
  private final WorkflowApi workflows;
  private final LeaderElector elector;
  private final ScheduledExecutorService background =
      Executors.newScheduledThreadPool(2, DaemonThreads.named("argo-background"));
  private Optional<RunObserver> observer = Optional.empty();
  private Optional<LogFolder> logs = Optional.empty();

  /** An engine that does nothing yet. */
  public ArgoEngine(
      ArgoSettings settings,
      KanikoSettings kaniko,
      ClusterClient cluster,
      ObjectStore store,
      ObjectAddresses addresses,
      AccessIssuer access) {
    this.settings = settings;
    this.cluster = cluster;
    this.store = store;
    this.addresses = addresses;
    this.access = access;
    this.manifests = new WorkflowManifests(settings, kaniko);
    this.workflows = new WorkflowApi(cluster, settings.namespace());
    this.elector =
        new LeaderElector(
            new ControllerLease(
                cluster,
                settings.namespace(),
                System.getenv().getOrDefault("HOSTNAME", "") + "-" + UUID.randomUUID(),
                settings.lease()),
            settings.lease(),
            this::lead);
  }

  /** An engine as the settings say, which are those of all records in this package. */
  public static ArgoEngine of(Settings settings, ObjectStore store) {
    return new ArgoEngine(
        ArgoSettings.of(settings),
        KanikoSettings.of(settings),
        ClusterClient.connect(),
        store,
        ObjectAddresses.of(settings),
        TokenAccessIssuer.of(settings));
  }

  @Override
  public String name() {
    return "argo";
  }

  @Override
  public void start(RunObserver runObserver) {
    observer = Optional.of(runObserver);
    logs = Optional.of(LogFolder.open(settings.logs()));
    elector.start();
  }

  private WorkflowController lead() {
    WorkflowController controller =
        new WorkflowController(
            new ControllerContext(
                settings,
                manifests,
                workflows,
                new PodApi(cluster, settings.namespace()),
                new RunSecrets(cluster, settings.namespace(), addresses, access),
                store,
                observer.orElseThrow()),
            cluster);
    controller.start();
    return controller;
  }

  /** Creates the Workflow or adopts the one of this name; the run then needs its record no more. */
  @Override
  public SubmittedRun submit(KanikoRun run) throws RejectedException, UnavailableException {
    RunObserver runObserver = observer.orElseThrow(() -> new IllegalStateException("not started"));
    OptionalLong tar = store.size(run.imageTarKey());
    if (tar.isPresent()) {
      // What a build runs may have it stored before its end, and Argo may be trying again.
      Optional<Workflow> unsettled = unsettled(run);
      if (unsettled.isEmpty()) {
        return new SubmittedRun(
            run.name(), settings.namespace(), runObserver.ended(run, new Built(tar.getAsLong())));
      }
      adopt(unsettled.get(), run);
    } else if (!workflows.create(manifests.of(run))) {
      adopt(named(run), run);
    }
    return new SubmittedRun(
        run.name(), settings.namespace(), CompletableFuture.completedFuture(null));
  }

  /** The Workflow of any go at the run whose end will yet be published. */
  private Optional<Workflow> unsettled(KanikoRun run) throws UnavailableException {
    return workflows.ofBuild(run.build()).stream()
        .filter(each -> each.label(WorkflowLabels.SERVICE).equals(Optional.of(run.service())))
        .findFirst();
  }

  private Workflow named(KanikoRun run) throws UnavailableException {
    return workflows
        .get(run.name())
        .orElseThrow(
            () -> new UnavailableException("Workflow " + run.name() + " vanishes just now"));
  }

  /** The Workflow that is there must run Kaniko on the same. */
  private void adopt(Workflow there, KanikoRun run) throws RejectedException {
    try {
      if (there.run().isOfSameInput(run)) {
        LOG.info("adopted buildId={} workflow={}", run.build(), there.name());
        return;
      }
    } catch (UnreadableException notOurs) {
      LOG.warn("not ours workflow={}", there.name(), notOurs);
    }
    throw new RejectedException(
        Reason.INTERNAL_ERROR,
        "there is a Workflow %s in %s that is for something else: delete it and replay the build"
            .formatted(there.name(), settings.namespace()));
  }

  @Override
  public void cancel(BuildId build) {
    background.execute(() -> cancel(build, CANCEL_RETRIES.begin()));
  }

  private void cancel(BuildId build, FailureStreak failures) {
    try {
      for (Workflow workflow : workflows.ofBuild(build)) {
        if (!workflow.hasEnded() && StopCause.of(workflow).isEmpty()) {
          workflows.stop(workflow, StopCause.CANCELLED);
          LOG.info("stopped buildId={} workflow={}", build, workflow.name());
        }
      }
    } catch (UnavailableException away) {
      LOG.warn("not stopped yet buildId={} message={}", build, away.getMessage());
      failures
          .failed()
          .ifPresent(
              wait ->
                  background.schedule(
                      () -> cancel(build, failures), wait.toMillis(), TimeUnit.MILLISECONDS));
    } catch (RuntimeException defect) {
      LOG.error("not stopped buildId={}", build, defect); // nobody else would hear of it
    }
  }

  /** Gives the lease up; Workflows go on, and whoever takes it settles their ends. */
  @Override
  public void close() {
    stop();
    elector.close();
  }

  /** Ends like a process that is killed: the lease has to expire. */
  void stop() {
    background.shutdownNow();
    elector.stop();
    logs.ifPresent(LogFolder::close);
  }
}
