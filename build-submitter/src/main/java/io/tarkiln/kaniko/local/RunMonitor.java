package io.tarkiln.kaniko.local;

import io.tarkiln.kaniko.launch.CommandResult;
import io.tarkiln.kaniko.launch.KanikoProcess;
import io.tarkiln.kaniko.launch.RunDirectory;
import io.tarkiln.kaniko.launch.StopSignal;
import io.tarkiln.kaniko.launch.StopSignal.Cause;
import io.tarkiln.kaniko.limit.RunGroup;
import io.tarkiln.kaniko.output.RunLog;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Watches a run's limits and keeps its log flowing while Kaniko is at work. */
record RunMonitor(List<Future<?>> tasks) {
  private static final long FLUSH_MILLIS = 500;
  private static final long DISK_SECONDS = 5;
  private static final long LOG_SECONDS = 10;
  private static final long LEAST_FREE = 1L << 30;
  private static final int LEAST_FREE_PART = 20;
  private static final Duration DISK_USAGE = Duration.ofMinutes(2);
  private static final Pattern KIBIBYTES = Pattern.compile("^([0-9]{1,15})\\s", Pattern.MULTILINE);

  static RunMonitor over(
      EngineContext context,
      RunDirectory directory,
      KanikoProcess kaniko,
      RunGroup group,
      RunLog log,
      LogUpload logUpload,
      StopSignal stop) {
    LocalSettings settings = context.settings();
    Runnable disk =
        () -> {
          if (bytes(directory) + kaniko.bytesElsewhere() > settings.limits().diskBytes()) {
            stop.stop(Cause.DISK_LIMIT);
          }
        };
    Runnable machine =
        () -> {
          if (group.hasRefusedProcess() || kaniko.processes() > settings.limits().processes()) {
            stop.stop(Cause.PROCESS_LIMIT);
          } else if (isNearlyFull(directory)) {
            stop.stop(Cause.DISK_FULL);
          }
        };
    return new RunMonitor(
        List.of(
            context
                .clock()
                .schedule(
                    () -> stop.stop(Cause.TIME_LIMIT),
                    settings.timeLimit().toMillis(),
                    TimeUnit.MILLISECONDS),
            context
                .clock()
                .scheduleWithFixedDelay(
                    log::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS),
            context.clock().scheduleWithFixedDelay(machine, 1, 1, TimeUnit.SECONDS),
            context.background().scheduleWithFixedDelay(disk, 1, DISK_SECONDS, TimeUnit.SECONDS),
            context
                .background()
                .scheduleWithFixedDelay(logUpload::sendGrown, 1, LOG_SECONDS, TimeUnit.SECONDS)));
  }

  /** Bytes that are really taken: a sparse file counts for what is in it. */
  private static long bytes(RunDirectory directory) {
    CommandResult usage =
        CommandResult.run(DISK_USAGE, List.of("du", "-s", "-k", "-x", directory.path().toString()));
    Matcher total = KIBIBYTES.matcher(usage.output());
    return total.find() ? Long.parseLong(total.group(1)) << 10 : 0;
  }

  /** A build must not take the last room from what else is on the disk, such as Kafka and S3. */
  private static boolean isNearlyFull(RunDirectory directory) {
    File disk = directory.path().toFile();
    return disk.getUsableSpace() < Math.min(LEAST_FREE, disk.getTotalSpace() / LEAST_FREE_PART);
  }

  /** Watches no longer. */
  void end() {
    tasks.forEach(task -> task.cancel(false));
  }
}
