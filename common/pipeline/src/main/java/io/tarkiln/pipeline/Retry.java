package io.tarkiln.pipeline;

import io.smallrye.mutiny.Uni;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.retry.FailureStreak;
import io.tarkiln.retry.RetryPolicy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Repeats work while what it needs is unavailable, with growing, jittered pauses that hold no
 * thread.
 *
 * @param settings how long and how often
 * @param threads where the work runs
 */
public record Retry(StageSettings settings, FairExecutor threads) {
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
   * Runs work, and waits for the rest that it set going; repeats all of it while what either needs
   * is unavailable. Each of the two has the configured time from its own first failure on: when the
   * rest fails after an hour, it counts for nothing that the work had failed once before.
   */
  <T> Uni<Void> forAWhile(Uni<T> work, Function<T, Uni<Void>> rest) {
    return Uni.createFrom().deferred(() -> forAWhile(work, rest, settings.retries().begin()));
  }

  private <T> Uni<Void> forAWhile(
      Uni<T> work, Function<T, Uni<Void>> rest, FailureStreak failures) {
    return repeated(work, failure -> unavailable(failure).isPresent(), settings.retries())
        .flatMap(
            result ->
                rest.apply(result)
                    .onFailure(failure -> unavailable(failure).isPresent())
                    .recoverWithUni(
                        failure ->
                            next(failure, failures)
                                .flatMap(again -> forAWhile(work, rest, failures))));
  }

  /** Repeats until it succeeds, whatever goes wrong: for what must become true. */
  public CompletionStage<Void> untilDone(String client, Action action) {
    return untilDone(
        once(
            client,
            () -> {
              action.run();
              return true;
            }));
  }

  CompletionStage<Void> untilDone(Uni<?> work) {
    return repeated(work, failure -> true, RetryPolicy.always(settings.backoff()))
        .replaceWithVoid()
        .subscribeAsCompletionStage();
  }

  private static <T> Uni<T> repeated(
      Uni<T> work, Predicate<Throwable> retryable, RetryPolicy policy) {
    return Uni.createFrom()
        .deferred(
            () -> {
              FailureStreak streak = policy.begin();
              return work.onFailure(retryable)
                  .retry()
                  .when(
                      failures ->
                          failures
                              .onItem()
                              .transformToUniAndConcatenate(failure -> next(failure, streak)));
            });
  }

  /** Comes when it is time for the next attempt; fails with the failure where there is none. */
  private static Uni<Throwable> next(Throwable failure, FailureStreak streak) {
    Uni<Throwable> now = Uni.createFrom().item(failure);
    return streak
        .failed()
        .map(wait -> wait.isZero() ? now : now.onItem().delayIt().by(wait))
        .orElseGet(() -> Uni.createFrom().failure(failure));
  }

  /**
   * Runs a step, again each time that what another build had becomes free; holds no thread then.
   */
  Uni<StepResult> inTurn(String client, Work<StepResult> step) {
    return once(client, step)
        .flatMap(
            result ->
                result
                    .free()
                    .map(
                        free ->
                            Uni.createFrom()
                                .completionStage(() -> ownCopy(free))
                                .flatMap(freed -> inTurn(client, step)))
                    .orElseGet(() -> Uni.createFrom().item(result)));
  }

  /** Whoever waits no longer cancels what it waits for; others wait for the same. */
  private static CompletionStage<Void> ownCopy(CompletionStage<Void> shared) {
    return shared.thenApply(free -> free);
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

  /** What was unavailable, also behind what wraps it. */
  static Optional<UnavailableException> unavailable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnavailableException unavailable) {
        return Optional.of(unavailable);
      }
    }
    return Optional.empty();
  }
}
