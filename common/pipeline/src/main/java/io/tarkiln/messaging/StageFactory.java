package io.tarkiln.messaging;

import io.tarkiln.claim.Claim;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.EventData;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.pipeline.StageHandler;
import io.tarkiln.pipeline.StageSettings;
import io.tarkiln.pipeline.Step;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.Config;

/** Makes what the stages share, from the configuration, and closes it at the end. */
@ApplicationScoped
public class StageFactory {
  private final Settings settings;
  private final ObjectStore store;
  private final EventPublisher events;
  private final BuildOutcomes outcomes;
  private final List<StageHandler<?>> stages = new CopyOnWriteArrayList<>();

  StageFactory(Config config, KafkaEventSink sink) {
    settings = new Settings(name -> config.getOptionalValue(name, String.class));
    store = ObjectStore.connect(settings);
    StoreStartupCheck.pass(store);
    events = new EventPublisher(new CloudEvents(settings.topics()), sink);
    outcomes = new BuildOutcomes(store, events);
  }

  /** Makes the dispatcher of a stage, which does its step for events whose claim holds. */
  public <T extends EventData> RecordDispatcher dispatcher(
      String name, Class<T> dataClass, Claim<T> claim, Step<T> step) {
    StageSettings how = StageSettings.of(settings);
    StageHandler<T> stage = new StageHandler<>(name, dataClass, claim, step, how, events, outcomes);
    stages.add(stage);
    return new RecordDispatcher(stage::handle, how.mostInFlight());
  }

  @Produces
  public Settings settings() {
    return settings;
  }

  @Produces
  public ObjectStore store() {
    return store;
  }

  @Produces
  public EventPublisher events() {
    return events;
  }

  @Produces
  public BuildOutcomes outcomes() {
    return outcomes;
  }

  @PreDestroy
  void close() {
    stages.forEach(StageHandler::close);
    store.close();
  }
}
