package io.tarkiln.kaniko.local;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoArguments;
import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.kaniko.SubmittedRun;
import io.tarkiln.kaniko.access.AccessIssuer;
import io.tarkiln.kaniko.access.TokenAccessIssuer;
import io.tarkiln.kaniko.launch.KanikoLauncher;
import io.tarkiln.kaniko.launch.LauncherDiscovery;
import io.tarkiln.kaniko.launch.LauncherSelector;
import io.tarkiln.kaniko.launch.LauncherSettings;
import io.tarkiln.kaniko.network.NetworkSettings;
import io.tarkiln.kaniko.network.RunNetworks;
import io.tarkiln.pipeline.FairExecutor;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.thread.DaemonThreads;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Kaniko on this machine, some runs at once; workloads take turns, and the runs of each are in
 * the order they came. Nothing of a run outlives this process: what was under way is submitted
 * again from its record after a restart.
 */
public final class LocalEngine implements KanikoEngine {
  private static final Logger LOG = LoggerFactory.getLogger(LocalEngine.class);
  private static final long LAST_WORDS_SECONDS = 10;
  private static final int HELPERS = 2;

  private final LocalSettings settings;
  private final KanikoArguments arguments;
  private final AccessIssuer access;
  private final ObjectStore store;
  private final LauncherSelector launchers;
  private final RunNetworks networks;
  private final ConcurrentMap<String, LocalRun> runs = new ConcurrentHashMap<>();
  private final FairExecutor threads;
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(HELPERS, DaemonThreads.named("kaniko-clock"));
  private final ScheduledExecutorService background =
      Executors.newScheduledThreadPool(HELPERS, DaemonThreads.named("kaniko-background"));
  private volatile Optional<EngineContext> context = Optional.empty();

  /** An engine that does nothing yet. */
  public LocalEngine(
      LocalSettings settings,
      KanikoArguments arguments,
      AccessIssuer access,
      ObjectStore store,
      LauncherDiscovery launchers,
      RunNetworks networks) {
    this(settings, arguments, access, store, (LauncherSelector) launchers, networks);
  }

  LocalEngine(
      LocalSettings settings,
      KanikoArguments arguments,
      AccessIssuer access,
      ObjectStore store,
      LauncherSelector launchers,
      RunNetworks networks) {
    this.settings = settings;
    this.arguments = arguments;
    this.access = access;
    this.store = store;
    this.launchers = launchers;
    this.networks = networks;
    // A run keeps its thread to the end: Kaniko dies with the thread that started it.
    this.threads = new FairExecutor("kaniko-run", settings.concurrentRuns());
  }

  /** An engine as the settings say, which are those of all records in this package. */
  public static LocalEngine of(Settings settings, ObjectStore store) {
    LocalSettings local = LocalSettings.of(settings);
    return new LocalEngine(
        local,
        new KanikoArguments(KanikoSettings.of(settings)),
        TokenAccessIssuer.of(settings),
        store,
        new LauncherDiscovery(LauncherSettings.of(settings), local.workDirectory()),
        new RunNetworks(NetworkSettings.of(settings)));
  }

  @Override
  public String name() {
    return "local";
  }

  /**
   * Takes the work directory and removes what an earlier process left there.
   *
   * @throws IllegalStateException when another engine has the work directory
   */
  @Override
  public void start(RunObserver observer) {
    WorkDirectory directory = WorkDirectory.open(settings.workDirectory());
    launchers.removeLeftovers();
    directory.removeLeftovers();
    networks.check(settings.workDirectory());
    RunUploads uploads = new RunUploads(store, settings.uploadPatience());
    context =
        Optional.of(
            new EngineContext(
                settings,
                arguments,
                access,
                networks,
                uploads,
                directory,
                observer,
                clock,
                background));
  }

  @Override
  public SubmittedRun submit(KanikoRun run) throws UnavailableException {
    EngineContext open = context.orElseThrow(() -> new IllegalStateException("not started"));
    LocalRun known = runs.get(run.name());
    if (known != null) {
      return accepted(known);
    }
    OptionalLong tar = store.size(run.imageTarKey());
    if (tar.isPresent()) {
      return new SubmittedRun(
          run.name(), HostName.NAME, open.observer().ended(run, new Built(tar.getAsLong())));
    }
    KanikoLauncher launcher = launchers.choose();
    return accepted(runs.computeIfAbsent(run.name(), name -> begin(open, run, launcher)));
  }

  private LocalRun begin(EngineContext open, KanikoRun run, KanikoLauncher launcher) {
    LocalRun begun = new LocalRun(open, run, launcher, ended -> runs.remove(run.name(), ended));
    threads.submit(run.workload(), begun::take);
    return begun;
  }

  private static SubmittedRun accepted(LocalRun run) {
    return new SubmittedRun(run.run().name(), HostName.NAME, run.settled());
  }

  @Override
  public void cancel(BuildId build) {
    List<LocalRun> ofBuild =
        runs.values().stream().filter(run -> run.run().build().equals(build)).toList();
    // Ending a container takes a moment, which is no reason to keep the caller.
    ofBuild.forEach(run -> background.execute(run::cancel));
  }

  @Override
  public void close() {
    runs.values().forEach(LocalRun::close);
    try {
      if (!threads.awaitEnd(LAST_WORDS_SECONDS)) {
        threads.close();
        LOG.warn("not all runs have ended: their directories are removed at the next start");
      }
    } catch (InterruptedException hurried) {
      threads.close();
      Thread.currentThread().interrupt();
    }
    clock.shutdownNow();
    background.shutdownNow();
    context.ifPresent(open -> open.directory().close());
  }
}
