package io.tarkiln.pipeline;

import io.tarkiln.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a step found or made true.
 *
 * @param events to tell, in this order
 * @param settled completes when nothing hangs on the record any more; it is acknowledged then
 */
public record StepResult(List<Event<?>> events, CompletionStage<Void> settled) {
  public StepResult {
    events = List.copyOf(events);
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
