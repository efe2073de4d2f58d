package io.tarkiln.kaniko.local;

import io.tarkiln.kaniko.limit.RunLimits;
import io.tarkiln.kaniko.output.LogLimits;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the local engine works.
 *
 * @param workDirectory where runs have their directories; for this engine alone
 * @param concurrentRuns runs at once; others wait for their turn
 * @param timeLimit longest that one run may take, from its turn to Kaniko's end
 * @param limits most that one run may take of this machine
 * @param logLimits most that is kept of a run's log
 * @param uploadPatience for how long storing the result is tried again before the run counts for
 *     nothing
 */
public record LocalSettings(
    Path workDirectory,
    int concurrentRuns,
    Duration timeLimit,
    RunLimits limits,
    LogLimits logLimits,
    Duration uploadPatience) {
  public LocalSettings {
    workDirectory = workDirectory.toAbsolutePath().normalize();
    if (concurrentRuns < 1 || timeLimit.isNegative()) {
      throw new IllegalArgumentException(
          "TARKILN_CONCURRENT_BUILDS and TARKILN_BUILD_TIME must be positive");
    }
  }

  /**
   * From {@code TARKILN_WORK_DIRECTORY}, {@code TARKILN_CONCURRENT_BUILDS} (half the processors),
   * {@code TARKILN_BUILD_TIME} (1h), {@code TARKILN_UPLOAD_PATIENCE} (10m), and what {@link
   * RunLimits} and {@link LogLimits} read.
   */
  public static LocalSettings of(Settings settings) {
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new LocalSettings(
        settings
            .get("TARKILN_WORK_DIRECTORY")
            .map(Path::of)
            .orElseGet(
                () ->
                    Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "tarkiln-" + System.getProperty("user.name"))),
        Math.toIntExact(settings.number("TARKILN_CONCURRENT_BUILDS", half)),
        settings.duration("TARKILN_BUILD_TIME", Duration.ofHours(1)),
        RunLimits.of(settings),
        LogLimits.of(settings),
        settings.duration("TARKILN_UPLOAD_PATIENCE", Duration.ofMinutes(10)));
  }
}
