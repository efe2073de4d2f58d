package io.tarkiln.kaniko.local;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunEnd.Cancelled;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import io.tarkiln.kaniko.launch.KanikoLauncher;
import io.tarkiln.kaniko.launch.KanikoLauncher.Launch;
import io.tarkiln.kaniko.launch.KanikoProcess;
import io.tarkiln.kaniko.launch.RunDirectory;
import io.tarkiln.kaniko.launch.StopSignal;
import io.tarkiln.kaniko.launch.StopSignal.Cause;
import io.tarkiln.kaniko.limit.RunGroup;
import io.tarkiln.kaniko.limit.RunLimits;
import io.tarkiln.kaniko.network.RunNetwork;
import io.tarkiln.kaniko.output.KanikoExitClassifier;
import io.tarkiln.kaniko.output.LineReader;
import io.tarkiln.kaniko.output.LogTail;
import io.tarkiln.kaniko.output.RunLog;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run from its source in S3 to its image tar in S3, in a directory that is then deleted. */
record KanikoBuild(EngineContext context, KanikoRun run, KanikoLauncher launcher, StopSignal stop) {
  private static final Logger LOG = LoggerFactory.getLogger(KanikoBuild.class);
  private static final Set<Cause> WANTED_NO_MORE = Set.of(Cause.CANCELLED, Cause.CLOSING);

  /** Builds. Blocks; the log is in S3 when this returns, whatever the end. */
  RunEnd build() throws InterruptedException {
    try {
      Optional<Built> there = there();
      if (there.isPresent()) {
        return there.get();
      }
      // Its build may have ended while it waited for its turn and nobody listened.
      if (store().exists(ObjectKeys.finished(run.build()))) {
        return new Cancelled();
      }
      try (RunDirectory directory = context.directory().make(run.name())) {
        return build(directory);
      }
    } catch (UnavailableException failed) {
      return isWanted() ? new Unavailable(failed.getMessage()) : new Cancelled();
    } catch (IOException | UncheckedIOException failed) {
      return new Unavailable("cannot write the log of the run: " + failed.getMessage());
    }
  }

  private RunEnd build(RunDirectory directory)
      throws IOException, UnavailableException, InterruptedException {
    LogUpload logUpload =
        new LogUpload(context.uploads(), directory.log(), run.logKey(), run.imageTarKey());
    RunEnd end;
    try (RunLog log =
        new RunLog(
            directory.log(),
            context.settings().logLimits(),
            (first, lines) -> context.observer().log(run, first, lines))) {
      end = kaniko(directory, log, logUpload);
      comment(end).ifPresent(log::note);
    }
    if (isClosing()) {
      return end;
    }
    if (end instanceof Built) {
      logUpload.sendWhole(stop);
      return new Built(
          context.uploads().persistentlyFirst(directory.tar(), run.imageTarKey(), stop));
    }
    Optional<Built> other = ofOther();
    return other.isPresent() ? other.get() : withLog(end, logUpload);
  }

  /** What another submitter has built meanwhile; the log is its, too. */
  private Optional<Built> ofOther() {
    try {
      return there();
    } catch (UnavailableException unknown) {
      return Optional.empty();
    }
  }

  /**
   * The image tar of another submitter, which had the partition before this one and was still
   * building. It stays: somebody may be reading it.
   */
  private Optional<Built> there() throws UnavailableException {
    OptionalLong tar = store().size(run.imageTarKey());
    return tar.isPresent() ? Optional.of(new Built(tar.getAsLong())) : Optional.empty();
  }

  /** An end other than success stands even if the log cannot be stored. */
  private RunEnd withLog(RunEnd end, LogUpload logUpload) throws InterruptedException {
    try {
      logUpload.sendWhole(stop);
    } catch (UnavailableException lost) {
      LOG.warn("the log is lost buildId={} service={}", run.build(), run.service(), lost);
    }
    return end;
  }

  private RunEnd kaniko(RunDirectory directory, RunLog log, LogUpload logUpload)
      throws InterruptedException {
    RunLimits limits = context.settings().limits();
    try (AccessFiles access = AccessFiles.write(context, run, directory.registries());
        RunNetwork network = context.networks().open(directory.path(), launcher.entersNetworks());
        RunGroup group = RunGroup.make(run.name(), limits)) {
      new RunSource(store(), run).into(directory);
      access.access().notes().forEach(log::note);
      KanikoProcess kaniko =
          launcher.launch(
              new Launch(
                  directory,
                  network,
                  group,
                  Optional.of(limits),
                  context.arguments().of(run, access.access().pushesCache())));
      stop.guard(kaniko);
      RunMonitor watch = RunMonitor.over(context, directory, kaniko, group, log, logUpload, stop);
      int status;
      try (InputStream output = kaniko.output()) {
        LineReader.read(output, log::add);
        status = kaniko.waitFor();
        if (status != 0 && group.hasRefusedProcess()) {
          stop.stop(Cause.PROCESS_LIMIT);
        }
      } finally {
        watch.end();
        kaniko.kill();
        stop.release();
      }
      return access.access().orAgain(end(directory, log.tail(), status), run, access.since());
    } catch (RejectedException rejected) {
      return new Failed(rejected.reason(), rejected.getMessage(), rejected.lastLines());
    } catch (UnavailableException unavailable) {
      return new Unavailable(unavailable.getMessage());
    } catch (IOException broken) {
      return stopped(log.tail())
          .orElseGet(() -> new Unavailable("cannot read Kaniko's output: " + broken.getMessage()));
    }
  }

  private RunEnd end(RunDirectory directory, LogTail tail, int status) throws IOException {
    Optional<RunEnd> stopped = stopped(tail);
    if (stopped.isPresent()) {
      return stopped.get();
    }
    if (status != 0) {
      return new KanikoExitClassifier(run.input().dockerfile(), status, tail).end();
    }
    BasicFileAttributes tar =
        Files.readAttributes(directory.tar(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return tar.isRegularFile() && tar.size() > 0
        ? new Built(tar.size())
        : new Failed(
            Reason.INTERNAL_ERROR, "Kaniko said it was done and left no image tar", tail.lines());
  }

  private Optional<RunEnd> stopped(LogTail tail) {
    return stop.cause().map(cause -> stopped(cause, tail.lines()));
  }

  private RunEnd stopped(Cause cause, List<String> lastLines) {
    LocalSettings settings = context.settings();
    return switch (cause) {
      case CANCELLED, CLOSING -> new Cancelled();
      case TIME_LIMIT ->
          new Failed(
              Reason.TIMEOUT,
              "the build of %s took longer than %s and was stopped: raise TARKILN_BUILD_TIME"
                  .formatted(run.service(), spoken(settings.timeLimit())),
              lastLines);
      case DISK_LIMIT ->
          new Failed(
              Reason.DISK_LIMIT,
              "the build of %s took more than %d MiB of disk and was stopped: raise TARKILN_BUILD_DISK_MIB"
                  .formatted(run.service(), settings.limits().diskBytes() >> 20),
              lastLines);
      case DISK_FULL ->
          new Failed(
              Reason.DISK_LIMIT,
              "the disk of %s was nearly full and the build of %s was stopped: make room there"
                  .formatted(settings.workDirectory(), run.service()),
              lastLines);
      case PROCESS_LIMIT ->
          new Failed(
              Reason.LIMIT_EXCEEDED,
              "the build of %s had more than %d processes and was stopped: raise TARKILN_BUILD_PROCESSES"
                  .formatted(run.service(), settings.limits().processes()),
              lastLines);
    };
  }

  /** What the log says at its end where Kaniko cannot say it. */
  private static Optional<String> comment(RunEnd end) {
    if (end instanceof Failed failed && failed.reason() != Reason.BUILD_FAILED) {
      return Optional.of(failed.message());
    } else if (end instanceof Unavailable unavailable) {
      return Optional.of(unavailable.message());
    } else if (end instanceof Cancelled) {
      return Optional.of("the build was cancelled");
    }
    return Optional.empty();
  }

  private static String spoken(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private boolean isClosing() {
    return stop.cause().filter(Cause.CLOSING::equals).isPresent();
  }

  /** A limit that is found exceeded when Kaniko is done is no reason to say nothing. */
  private boolean isWanted() {
    return stop.cause().filter(WANTED_NO_MORE::contains).isEmpty();
  }

  private ObjectStore store() {
    return context.uploads().store();
  }
}
