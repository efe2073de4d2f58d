package io.tarkiln.kaniko.argo.api;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.kaniko.output.LogLimits;
import io.tarkiln.pipeline.StageSettings;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the Argo engine works.
 *
 * @param namespace where Workflows are created
 * @param template name of the ClusterWorkflowTemplate
 * @param maxRunning Workflows that run at once; others wait for their turn
 * @param maxRunningPerWorkload the same for the Workflows of one workload
 * @param pullPatience for how long pulling an image of the pod may fail before the run is given up
 * @param retry for how long and how often a run is begun anew that ended for want of something
 * @param lease how long another process waits before it takes over from one that is silent
 * @param lastLines how long the last lines of a run's log are waited for once it has ended
 * @param maxBlind for how long the process with the lease may be unable to look at Workflows before
 *     it gives the lease up
 * @param resync after how long everything is looked at again, whatever was heard
 * @param logs folder for the logs of runs under way
 * @param logLimits most that is kept of a run's log
 */
public record ArgoSettings(
    String namespace,
    String template,
    int maxRunning,
    int maxRunningPerWorkload,
    Duration pullPatience,
    StageSettings retry,
    Duration lease,
    Duration lastLines,
    Duration maxBlind,
    Duration resync,
    Path logs,
    LogLimits logLimits) {
  public ArgoSettings {
    NameSyntax.name("TARKILN_ARGO_NAMESPACE", namespace);
    NameSyntax.name("TARKILN_ARGO_TEMPLATE", template);
    if (maxRunning < 1 || maxRunningPerWorkload < 1) {
      throw new IllegalArgumentException(
          "TARKILN_CONCURRENT_BUILDS and TARKILN_CONCURRENT_BUILDS_PER_WORKLOAD must be positive");
    }
  }

  /**
   * From {@code TARKILN_ARGO_NAMESPACE} (else the one that this process is in), {@code
   * TARKILN_ARGO_TEMPLATE}, {@code TARKILN_CONCURRENT_BUILDS} (20), {@code
   * TARKILN_CONCURRENT_BUILDS_PER_WORKLOAD} (10), {@code TARKILN_ARGO_PULL_PATIENCE} (5m), {@code
   * TARKILN_RETRY_FOR} and its like, {@code TARKILN_ARGO_LEASE} (15s) and {@code
   * TARKILN_WORK_DIRECTORY}.
   */
  public static ArgoSettings of(Settings settings) {
    return new ArgoSettings(
        settings.get("TARKILN_ARGO_NAMESPACE").orElseGet(ClusterClient::ownNamespace),
        settings.get("TARKILN_ARGO_TEMPLATE").orElse("tarkiln-kaniko"),
        Math.toIntExact(settings.number("TARKILN_CONCURRENT_BUILDS", 20)),
        Math.toIntExact(settings.number("TARKILN_CONCURRENT_BUILDS_PER_WORKLOAD", 10)),
        settings.duration("TARKILN_ARGO_PULL_PATIENCE", Duration.ofMinutes(5)),
        StageSettings.of(settings),
        settings.duration("TARKILN_ARGO_LEASE", Duration.ofSeconds(15)),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        settings
            .get("TARKILN_WORK_DIRECTORY")
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "tarkiln-argo")),
        LogLimits.of(settings));
  }
}
