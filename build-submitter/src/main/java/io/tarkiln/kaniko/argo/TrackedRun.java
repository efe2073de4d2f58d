package io.tarkiln.kaniko.argo;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.WorkflowOutcome;
import io.tarkiln.kaniko.argo.reconcile.Result;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process does about one Workflow and has done: the log that it follows, and the steps of
 * settling its end, of which each is done once and again only when it failed. Used by one thread at
 * a time; none of it blocks for longer than an answer takes.
 */
final class TrackedRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrackedRun.class);

  private final RunSettler settler;
  private final LogFollowers logs;
  private final Duration period;
  private final Runnable changed;
  private final String name;
  private final String uid;
  private final KanikoRun run;
  private Optional<LogFollower> log = Optional.empty();
  private Instant outcomeSoughtAt = Instant.EPOCH;
  private Instant secretPutAt = Instant.EPOCH;
  private Optional<RunEnd> end = Optional.empty();
  private boolean noted;
  private boolean logStored;
  private Optional<CompletableFuture<Void>> publication = Optional.empty();
  private volatile boolean published;

  /**
   * Nothing is done yet.
   *
   * @param period after which it is looked at again, whatever was heard
   * @param changed runs when there is more to do; does not block
   */
  TrackedRun(
      RunSettler settler,
      LogFollowers logs,
      Workflow workflow,
      KanikoRun run,
      Duration period,
      Runnable changed) {
    this.settler = settler;
    this.logs = logs;
    this.period = period;
    this.changed = changed;
    this.name = workflow.name();
    this.uid = workflow.uid();
    this.run = run;
  }

  /** Whether it is this very Workflow, not one that had its name. */
  boolean isOf(Workflow workflow) {
    return uid.equals(workflow.uid());
  }

  /** Whether its end is published, or a further go has taken its place. */
  boolean isPublished() {
    return published;
  }

  /** Why the newest pod has not begun, if it is not for Kaniko itself. */
  Optional<String> heldUp() {
    return log.flatMap(LogFollower::heldUp);
  }

  /** Follows the log, if that is not done already; fails where it cannot be kept. */
  LogFollower follow() throws IOException {
    Optional<Throwable> failure = log.flatMap(LogFollower::failure);
    if (failure.isPresent()) {
      close();
      throw new IOException("the log could not be kept, and is read anew", failure.get());
    }
    if (log.isEmpty()) {
      log = Optional.of(logs.follow(name, run, changed));
    }
    return log.get();
  }

  /** Gives the run what it needs of S3, unless that was done within this time. */
  void putSecret(Workflow workflow, Duration since) throws UnavailableException {
    if (secretPutAt.plus(since).isBefore(Instant.now())) {
      settler.context().secrets().put(workflow, run);
      secretPutAt = Instant.now();
    }
  }

  /** Stops the Workflow if its build has an outcome; returns whether it has. */
  boolean stopIfOutlived(Workflow workflow) throws UnavailableException {
    boolean isOutlived = settler.stopIfOutlived(workflow, run);
    outcomeSoughtAt = Instant.now();
    return isOutlived;
  }

  /** The same, unless an outcome was sought within this time. */
  void stopIfOutlived(Workflow workflow, Duration since) throws UnavailableException {
    if (outcomeSoughtAt.plus(since).isBefore(Instant.now())) {
      stopIfOutlived(workflow);
    }
  }

  /**
   * The Workflow has ended, or is gone: goes on from the step that is not done yet, as far as it
   * gets without waiting.
   */
  Result settle(Workflow workflow) throws UnavailableException, IOException {
    if (!logStored && !isLogStored(workflow)) {
      return Result.after(settler.context().settings().lastLines());
    }
    if (!published && !isPublished(end.orElseThrow())) {
      return Result.after(period);
    }
    settler.release(name);
    return Result.DONE;
  }

  /** Completes the log, decides the end, and stores the log, whose last line may be the end. */
  private boolean isLogStored(Workflow workflow) throws UnavailableException, IOException {
    LogFollower follower = follow();
    follower.finish();
    if (!follower.isIdle()) {
      if (follower.quietFor().compareTo(settler.context().settings().lastLines()) > 0) {
        follower.stopReading();
      }
      return false;
    }
    follower.complete(workflow.attempts());
    if (end.isEmpty()) {
      end = Optional.of(settler.decide(workflow, run, follower));
    }
    if (!noted) {
      WorkflowOutcome.comment(end.get()).ifPresent(follower::note);
      noted = true;
    }
    follower.store(run.logKey());
    close();
    logStored = true;
    LOG.info(
        "run ended buildId={} service={} workflow={} end={}",
        run.build(),
        run.service(),
        name,
        end.get().getClass().getSimpleName());
    return true;
  }

  private boolean isPublished(RunEnd decided) throws UnavailableException {
    if (decided instanceof Unavailable) {
      published = true;
      return true;
    }
    if (publication.isEmpty()) {
      CompletableFuture<Void> begun =
          settler.context().observer().ended(run, decided).toCompletableFuture();
      publication = Optional.of(begun);
      begun.whenComplete((nothing, failure) -> changed.run());
    }
    if (!publication.get().isDone()) {
      return false;
    }
    try {
      publication.get().join();
      published = true;
      return true;
    } catch (CompletionException | CancellationException failed) {
      publication = Optional.empty();
      throw new UnavailableException("the end is not published: " + failed.getMessage(), failed);
    }
  }

  /** Stops following the log and forgets what was read of it. */
  @Override
  public void close() {
    log.ifPresent(LogFollower::close);
    log = Optional.empty();
    noted = false;
  }
}
