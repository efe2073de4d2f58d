package io.tarkiln.submit;

import io.quarkus.runtime.Startup;
import io.tarkiln.claim.CheckedOutBuilds;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.messaging.RecordDispatcher;
import io.tarkiln.messaging.StageFactory;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.pipeline.Retry;
import io.tarkiln.pipeline.StageSettings;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Listens for rewritten Dockerfiles and has Kaniko build them; stops what no longer matters. */
@Startup // settings that make no sense end the process at once, not at the first record
@ApplicationScoped
public class BuildSubmitter {
  private final KanikoEngine engine;
  private final RecordDispatcher dispatcher;
  private final EventPublisher events;
  private final FinishedBuilds finished;

  BuildSubmitter(
      StageFactory stages,
      Settings settings,
      ObjectStore store,
      EventPublisher events,
      BuildOutcomes outcomes) {
    this.events = events;
    engine = EngineFactory.of(settings, store);
    Retry retry = Retry.onOwnThreads("run-events", StageSettings.of(settings));
    engine.start(new RunEventPublisher(events, outcomes, retry));
    finished = new FinishedBuilds(engine, outcomes, retry);
    dispatcher =
        stages.dispatcher(
            PipelineStage.BUILD_SUBMITTER.wire(),
            DockerfileRewritten.class,
            new RewriteClaim(store, new CheckedOutBuilds(store)),
            new SubmitStep(engine, outcomes, ImageReuse.of(settings, store)));
  }

  @Incoming("dockerfile-rewritten-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onDockerfileRewritten(Message<byte[]> record) {
    return dispatcher.take(record);
  }

  /** A build that has an outcome needs no more images: its other services are stopped. */
  @Incoming("build-finished-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onBuildFinished(Message<byte[]> record) {
    RecordDispatcher.event(record, events.cloudEvents(), BuildFinished.class)
        .map(Event::build)
        .ifPresent(finished::look);
    return record.ack();
  }

  @PreDestroy
  void close() {
    engine.close();
  }
}
