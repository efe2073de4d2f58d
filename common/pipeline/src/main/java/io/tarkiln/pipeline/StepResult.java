package io.tarkiln.pipeline;

import io.tarkiln.event.Event;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a step found or made true.
 *
 * @param events to publish, in this order
 * @param settled completes when nothing hangs on the record any more; it is acknowledged then
 * @param free of a step that could not be done, since another build has what it needs: completes
 *     when it is worth to run it again
 */
public record StepResult(
    List<Event<?>> events, CompletionStage<Void> settled, Optional<CompletionStage<Void>> free) {
  public StepResult {
    events = List.copyOf(events);
  }

  /** These events are true, and something goes on. */
  public StepResult(List<Event<?>> events, CompletionStage<Void> settled) {
    this(events, settled, Optional.empty());
  }

  /** Another build has what this one needs; nothing is wrong, and nothing is done. */
  public static StepResult busy(CompletionStage<Void> free) {
    return new StepResult(List.of(), CompletableFuture.completedFuture(null), Optional.of(free));
  }

  /** These events are true, and that is all. */
  public static StepResult of(Event<?>... events) {
    return of(List.of(events));
  }

  /** These events are true, and that is all. */
  public static StepResult of(List<Event<?>> events) {
    return new StepResult(events, CompletableFuture.completedFuture(null));
  }
}
