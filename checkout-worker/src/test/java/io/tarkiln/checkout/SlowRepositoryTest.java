package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.event.Topics;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.pipeline.StageHandler;
import io.tarkiln.pipeline.StageSettings;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.SentRecords;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds of one slow repository, in the stage with its few threads. */
@Tag("server")
class SlowRepositoryTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final int BUILDS = 50;
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final CloudEvents cloudEvents = new CloudEvents(new Topics("tarkiln."));
  private final Map<String, String> published = new ConcurrentHashMap<>();

  @Test
  void keep_no_build_of_another_repository_waiting_and_fetch_once() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger packs = new AtomicInteger();
    GitRepository.in(folder.resolve("repositories/slow")).file("Dockerfile", "FROM a\n").commit();
    GitRepository.in(folder.resolve("repositories/quick")).file("Dockerfile", "FROM b\n").commit();
    EventPublisher events = new EventPublisher(cloudEvents, this::publish);
    try (GitHttpServer git = GitHttpServer.plain(folder.resolve("repositories"));
        CheckoutStep checkout =
            new CheckoutStep(CheckoutRequests.settings(folder), store, Policies.NONE);
        StageHandler<BuildRequested> stage =
            new StageHandler<>(
                PipelineStage.CHECKOUT_WORKER.wire(),
                BuildRequested.class,
                checkout,
                new StageSettings(2, 1000, LONG, LONG, LONG, LONG, LONG),
                events,
                new BuildOutcomes(store, events))) {
      git.listen(
          (path, body) -> {
            if (path.startsWith("/slow/") && body.contains("command=fetch")) {
              packs.incrementAndGet();
              released.await();
            }
          });

      CompletableFuture<?>[] slow =
          IntStream.range(0, BUILDS)
              .mapToObj(i -> handle(stage, git.url("slow/.git")))
              .toArray(CompletableFuture<?>[]::new);
      handle(stage, git.url("quick/.git")).get(60, TimeUnit.SECONDS);
      assertThat(slow).noneMatch(CompletableFuture::isDone);
      released.countDown();
      CompletableFuture.allOf(slow).get(120, TimeUnit.SECONDS);

      assertThat(published).hasSize(BUILDS + 1);
      assertThat(published.values()).allMatch(topic -> topic.equals("tarkiln.source-checked-out"));
      // The commit with its trees, and the Dockerfile.
      assertThat(packs).hasValue(2);
    }
  }

  private CompletableFuture<Void> publish(ProducerRecord<String, byte[]> record) {
    published.put(record.key(), record.topic());
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Void> handle(StageHandler<BuildRequested> stage, String url) {
    return stage
        .handle(SentRecords.received(cloudEvents.encode(CheckoutRequests.of(url, "main", "app=."))))
        .toCompletableFuture();
  }
}
