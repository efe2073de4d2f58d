package io.tarkiln.submit;

import io.quarkus.runtime.Startup;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.messaging.Intake;
import io.tarkiln.messaging.Stages;
import io.tarkiln.settings.Settings;
import io.tarkiln.stage.Events;
import io.tarkiln.stage.Outcomes;
import io.tarkiln.stage.Retry;
import io.tarkiln.stage.StageSettings;
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
  private final Intake intake;
  private final Events events;

  BuildSubmitter(
      Stages stages, Settings settings, ObjectStore store, Events events, Outcomes outcomes) {
    this.events = events;
    engine = Engines.of(settings, store);
    engine.start(
        new RunEvents(
            events, outcomes, Retry.onOwnThreads("run-events", StageSettings.of(settings))));
    intake =
        stages.intake(
            SubmitStep.STAGE,
            DockerfileRewritten.class,
            new SubmitStep(engine, outcomes, Unchanged.of(settings, store)));
  }

  @Incoming("dockerfile-rewritten-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onDockerfileRewritten(Message<byte[]> record) {
    return intake.take(record);
  }

  /** A build that has an outcome needs no more images: its other services are stopped. */
  @Incoming("build-finished-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onBuildFinished(Message<byte[]> record) {
    Intake.event(record, events.cloudEvents(), BuildFinished.class)
        .map(Event::build)
        .ifPresent(engine::cancel);
    return record.ack();
  }

  @PreDestroy
  void close() {
    engine.close();
  }
}
