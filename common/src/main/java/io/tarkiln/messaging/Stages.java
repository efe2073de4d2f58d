package io.tarkiln.messaging;

import io.tarkiln.event.CloudEvents;
import io.tarkiln.event.EventData;
import io.tarkiln.settings.Settings;
import io.tarkiln.stage.Events;
import io.tarkiln.stage.Outcomes;
import io.tarkiln.stage.Stage;
import io.tarkiln.stage.StageSettings;
import io.tarkiln.stage.Step;
import io.tarkiln.store.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.Config;

/** Makes what the stages share, from the configuration, and closes it at the end. */
@ApplicationScoped
public class Stages {
  private final Settings settings;
  private final ObjectStore store;
  private final Events events;
  private final Outcomes outcomes;
  private final List<Stage<?>> stages = new CopyOnWriteArrayList<>();

  Stages(Config config, KafkaEventSink sink) {
    settings = new Settings(name -> config.getOptionalValue(name, String.class));
    store = ObjectStore.connect(settings);
    StoreGate.pass(store);
    events = new Events(new CloudEvents(settings.topics()), sink);
    outcomes = new Outcomes(store, events);
  }

  /** Makes the intake of a stage. */
  public <T extends EventData> Intake intake(String name, Class<T> dataClass, Step<T> step) {
    StageSettings how = StageSettings.of(settings);
    Stage<T> stage = new Stage<>(name, dataClass, step, how, events, outcomes);
    stages.add(stage);
    return new Intake(stage::handle, how.mostInFlight());
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
  public Events events() {
    return events;
  }

  @Produces
  public Outcomes outcomes() {
    return outcomes;
  }

  @PreDestroy
  void close() {
    stages.forEach(Stage::close);
    store.close();
  }
}
