package io.tarkiln.pipeline;

import io.smallrye.mutiny.Uni;
import io.tarkiln.build.UnavailableException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Repeats work while what it needs is unavailable, with growing, jittered pauses that hold no
 * thread.
 *
 * @param settings how long and how often
 * @param threads where the work runs
 */
public record Retry(StageSettings settings, FairExecutor threads) {
  private static final double JITTER = 0.2;

  /** Repeats on threads of its own, as many as the stage has. */
  public static Retry onOwnThreads(String name, StageSettings settings) {
    return new Retry(settings, new FairExecutor(name, settings.concurrency()));
  }

  /** Work that may block and may fail. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws Exception;
  }

  /** Work without a result. */
  @FunctionalInterface
  public interface Action {
    void run() throws Exception;
  }

  /**
   * Repeats for the configured time from the first failure on, however long the work had waited or
   * worked before; fails with the last failure.
   */
  <T> Uni<T> forAWhile(Uni<T> work) {
    AtomicReference<Instant> end = new AtomicReference<>();
    return work.onFailure(failure -> unavailable(failure).isPresent())
        .retry()
        .withBackOff(settings.firstRetry(), settings.longestRetry())
        .withJitter(JITTER)
        .until(
            failure -> {
              Instant now = Instant.now();
              end.compareAndSet(null, now.plus(settings.retryFor()));
              return now.isBefore(end.get());
            });
  }

  /** Repeats until it succeeds, whatever goes wrong: for what must become true. */
  public CompletionStage<Void> untilDone(String client, Action action) {
    return untilResult(
            client,
            () -> {
              action.run();
              return true;
            })
        .thenRun(() -> {});
  }

  /** The same, for work with a result. */
  <T> CompletionStage<T> untilResult(String client, Work<T> work) {
    return once(client, work)
        .onFailure()
        .retry()
        .withBackOff(settings.firstRetry(), settings.longestRetry())
        .withJitter(JITTER)
        .indefinitely()
        .subscribeAsCompletionStage();
  }

  /** Runs work, again each time that what another build had becomes free; holds no thread then. */
  <T> Uni<T> inTurn(String client, Work<T> work) {
    return once(client, work)
        .onFailure(failure -> free(failure).isPresent())
        .retry()
        .when(
            failures ->
                failures
                    .onItem()
                    .transformToUniAndConcatenate(
                        failure ->
                            Uni.createFrom()
                                .completionStage(ownCopy(free(failure).orElseThrow()))
                                .replaceWith(failure)));
  }

  /** Whoever waits no longer cancels what it waits for; others wait for the same. */
  private static CompletionStage<Void> ownCopy(CompletionStage<Void> shared) {
    return shared.thenApply(free -> free);
  }

  private static Optional<CompletionStage<Void>> free(Throwable failure) {
    return unavailable(failure).flatMap(UnavailableException::free);
  }

  /** Runs work on our threads, each time that it is asked for; interrupts it when cancelled. */
  <T> Uni<T> once(String client, Work<T> work) {
    return Uni.createFrom()
        .completionStage(
            () -> {
              CompletableFuture<T> result = new CompletableFuture<>();
              Future<?> running =
                  threads.submit(
                      client,
                      () -> {
                        try {
                          result.complete(work.run());
                        } catch (Throwable failure) {
                          result.completeExceptionally(failure);
                        }
                      });
              result.whenComplete(
                  (value, failure) -> {
                    if (result.isCancelled()) {
                      running.cancel(true);
                    }
                  });
              return result;
            });
  }

  /** What was unavailable, also behind "retries exhausted" and the like. */
  static Optional<UnavailableException> unavailable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnavailableException unavailable) {
        return Optional.of(unavailable);
      }
    }
    return Optional.empty();
  }
}
