package io.tarkiln.bench.load;

import io.tarkiln.build.BuildId;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Asks for builds of one service each, of a few workloads. */
final class LoadRequests implements AutoCloseable {
  private static final int WORKLOADS = 20;

  private final KafkaProducer<String, byte[]> producer;
  private final CloudEvents cloudEvents = new CloudEvents(LoadStack.TOPICS);
  private final String repository;

  LoadRequests(String bootstrapServers, String repository) {
    this.repository = repository;
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /**
   * Publishes so many.
   *
   * @param pauseMicroseconds between two; 0 for all at once
   */
  void publish(int count, long pauseMicroseconds) throws Exception {
    List<Future<?>> confirmed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      confirmed.add(producer.send(cloudEvents.encode(request(i))));
      TimeUnit.MICROSECONDS.sleep(pauseMicroseconds);
    }
    for (Future<?> each : confirmed) {
      each.get();
    }
  }

  private Event<BuildRequested> request(int number) {
    BuildId build = BuildId.next();
    return Event.first(
        build,
        "bench",
        new BuildRequested(
            "w" + number % WORKLOADS,
            "t" + build,
            List.of(),
            new BuildRequested.Source(repository, "main"),
            List.of(
                new BuildRequested.RequestedService(
                    "app",
                    ".",
                    "Dockerfile",
                    Map.of("BUILD", build.toString()),
                    Optional.empty(),
                    Optional.empty())),
            false,
            true));
  }

  @Override
  public void close() {
    producer.close();
  }
}
