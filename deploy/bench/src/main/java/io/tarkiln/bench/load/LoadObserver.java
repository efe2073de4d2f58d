package io.tarkiln.bench.load;

import com.sun.net.httpserver.HttpServer;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Watches from outside: the topics as a plain consumer, and what the executors report. */
final class LoadObserver implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int BACKLOG = 200;

  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, BuildMoment> moments = new HashMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final AtomicInteger notSucceeded = new AtomicInteger();
  private volatile Timeline timeline = new Timeline();

  LoadObserver(String bootstrapServers, Topics topics) throws IOException {
    for (BuildMoment moment : BuildMoment.values()) {
      moment.event().ifPresent(event -> moments.put(topics.of(event), moment));
    }
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        moments.keySet().stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          // /run/begin/<build>/<service>
          String[] path = exchange.getRequestURI().getPath().split("/");
          BuildMoment moment =
              path[2].equals("begin") ? BuildMoment.ENGINE_BEGAN : BuildMoment.ENGINE_ENDED;
          timeline.note(path[3], moment, System.currentTimeMillis());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  /** Where executors report to. */
  String address() {
    return "http://127.0.0.1:%d/run".formatted(server.getAddress().getPort());
  }

  /** Forgets what it saw; builds from now on. */
  void begin() {
    timeline = new Timeline();
  }

  /**
   * Watches until so many builds have ended.
   *
   * @throws IllegalStateException when nothing happens for longer than this
   */
  Timeline awaitFinished(int builds, Duration longestSilence) {
    long last = System.nanoTime();
    while (timeline.count(BuildMoment.FINISHED) < builds) {
      var records = consumer.poll(POLL);
      for (var record : records) {
        BuildMoment moment = moments.get(record.topic());
        timeline.note(record.key(), moment, record.timestamp());
        if (moment.event().equals(Optional.of(EventType.BUILD_FINISHED))
            && !new String(record.value(), StandardCharsets.UTF_8).contains("\"succeeded\"")) {
          notSucceeded.incrementAndGet();
        }
      }
      if (!records.isEmpty()) {
        last = System.nanoTime();
      } else if (System.nanoTime() - last > longestSilence.toNanos()) {
        throw new IllegalStateException(
            "%d of %d builds ended, and nothing happens any more"
                .formatted(timeline.count(BuildMoment.FINISHED), builds));
      }
    }
    return timeline;
  }

  /** How many builds ended in another way than with success. */
  int notSucceeded() {
    return notSucceeded.get();
  }

  @Override
  public void close() {
    consumer.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
