package io.tarkiln.messaging;

import io.quarkus.runtime.Startup;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.Cancellation;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.pipeline.Retry;
import io.tarkiln.pipeline.StageSettings;
import io.tarkiln.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Listens, in every service, for requests to stop a build. All instances of all services are one
 * consumer group, so that a request is heeded as long as anything of Tarkiln runs.
 */
@Startup // settings that make no sense end the process at once, not at the first record
@ApplicationScoped
public class CancelListener {
  private final RecordDispatcher dispatcher;

  CancelListener(Settings settings, EventPublisher events, BuildOutcomes outcomes) {
    StageSettings how = StageSettings.of(settings);
    Retry retry = Retry.onOwnThreads(PipelineStage.CANCELLATION.wire(), how);
    dispatcher =
        new RecordDispatcher(new Cancellation(events, outcomes, retry)::handle, how.mostInFlight());
  }

  @Incoming("build-cancel-requested-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onBuildCancelRequested(Message<byte[]> record) {
    return dispatcher.take(record);
  }
}
