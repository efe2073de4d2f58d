package io.tarkiln.kaniko.local;

import io.tarkiln.build.Reason;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Cancelled;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.launch.KanikoLauncher;
import io.tarkiln.kaniko.launch.StopSignal;
import io.tarkiln.kaniko.launch.StopSignal.Cause;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run of this engine, from waiting for its turn to its end being handled. */
final class LocalRun {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);

  private final EngineContext context;
  private final KanikoRun run;
  private final KanikoLauncher launcher;
  private final Consumer<LocalRun> forget;
  private final StopSignal stop = new StopSignal();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();

  /** A run that has not begun; {@code forget} is called when its end is handled or was lost. */
  LocalRun(
      EngineContext context, KanikoRun run, KanikoLauncher launcher, Consumer<LocalRun> forget) {
    this.context = context;
    this.run = run;
    this.launcher = launcher;
    this.forget = forget;
  }

  KanikoRun run() {
    return run;
  }

  /** Completes when the end is handled; never, when the engine closes before that. */
  CompletionStage<Void> settled() {
    return settled;
  }

  /** Its turn has come: builds, on the calling thread. */
  void take() {
    if (begun.compareAndSet(false, true)) {
      build().ifPresent(this::end);
    }
  }

  /** Stops it; one that waits has no need of its turn any more. */
  void cancel() {
    stop.stop(Cause.CANCELLED);
    if (begun.compareAndSet(false, true)) {
      end(new Cancelled());
    }
  }

  /** Stops it without an end. */
  void close() {
    stop.stop(Cause.CLOSING);
  }

  private Optional<RunEnd> build() {
    RunEnd end;
    try {
      LOG.info("building buildId={} service={} by={}", run.build(), run.service(), launcher.name());
      end = new KanikoBuild(context, run, launcher, stop).build();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (RuntimeException defect) {
      LOG.error("defect buildId={} service={}", run.build(), run.service(), defect);
      end =
          new Failed(
              Reason.INTERNAL_ERROR,
              "the local engine failed in a way it should not: see its log for build "
                  + run.build(),
              List.of());
    }
    boolean closing = stop.cause().filter(Cause.CLOSING::equals).isPresent();
    return closing ? Optional.empty() : Optional.of(end);
  }

  private void end(RunEnd end) {
    LOG.info(
        "run ended buildId={} service={} end={}",
        run.build(),
        run.service(),
        end.getClass().getSimpleName());
    CompletableFuture.completedFuture(end)
        .thenCompose(settled -> context.observer().ended(run, settled))
        .whenComplete(
            (handled, failure) -> {
              forget.accept(this);
              if (failure == null) {
                settled.complete(null);
              } else {
                settled.completeExceptionally(failure);
              }
            });
  }
}
