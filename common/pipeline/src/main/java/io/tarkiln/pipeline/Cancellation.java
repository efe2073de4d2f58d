package io.tarkiln.pipeline;

import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import io.tarkiln.event.PipelineStage;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Ends builds that somebody asks to stop, wherever they are: with an outcome, no stage does
 * anything more for them. A build that has ended keeps its outcome.
 */
public final class Cancellation {
  private final RecordReader<BuildCancelRequested> reader;
  private final BuildOutcomes outcomes;
  private final Retry retry;

  public Cancellation(EventPublisher events, BuildOutcomes outcomes, Retry retry) {
    this.reader =
        new RecordReader<>(
            PipelineStage.CANCELLATION.wire(), BuildCancelRequested.class, events, retry);
    this.outcomes = outcomes;
    this.retry = retry;
  }

  /** Takes a record; completes when the build has an outcome. Does not block. */
  public CompletionStage<Void> handle(ConsumerRecord<String, byte[]> record) {
    return reader.read(record, this::end);
  }

  private CompletionStage<Void> end(Event<BuildCancelRequested> event) {
    BuildCancelRequested request = event.data();
    BuildFinished outcome =
        BuildFinished.cancelled(
            request.workload(), PipelineStage.CANCELLATION.wire(), request.message());
    return retry.untilDone(request.workload(), () -> outcomes.end(event, outcome));
  }
}
