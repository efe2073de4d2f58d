package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.Topics;
import io.tarkiln.image.Digests;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@Tag("server")
class ConcurrencyGroupTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Builds that somebody was told to stop. */
  private final Set<BuildId> cancelled = new ConcurrentSkipListSet<>();

  private String workload;

  @BeforeEach
  void nameWorkload(TestInfo test) {
    workload = "w" + Integer.toHexString(test.getDisplayName().hashCode());
  }

  @Test
  void the_newest_goes_on_in_whatever_order_requests_arrive() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 10; round++) {
      String key = "branch-" + round;
      List<Event<BuildRequested>> requests = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        requests.add(request(i, key));
      }
      BuildId newest = requests.get(4).build();
      List<Event<BuildRequested>> arriving = new ArrayList<>(requests);
      arriving.addAll(requests.subList(0, 3)); // delivered twice
      java.util.Collections.shuffle(arriving, random);

      for (Event<BuildRequested> request : arriving) {
        arrive(request);
      }

      assertThat(cancelled).doesNotContain(newest);
      assertThat(cancelled).containsAll(requests.subList(0, 4).stream().map(Event::build).toList());
      assertThat(markers(key)).containsExactly(newest);
    }
  }

  @Test
  void of_many_at_once_only_the_newest_goes_on() throws Exception {
    List<Event<BuildRequested>> requests = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      requests.add(request(i, "main"));
    }
    BuildId newest = requests.get(requests.size() - 1).build();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Void>> running = new ArrayList<>();
      for (Event<BuildRequested> request : requests) {
        running.add(
            threads.submit(
                () -> {
                  arrive(request);
                  return null;
                }));
      }
      for (Future<Void> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(cancelled).hasSize(requests.size() - 1).doesNotContain(newest);
  }

  @Test
  void other_keys_other_workloads_and_builds_without_a_key_are_left_alone() throws Exception {
    arrive(request(0, "main"));
    arrive(request(1, "other"));
    arrive(request(2, null));
    String first = workload;
    workload = first + "-other";
    arrive(request(3, "main"));

    assertThat(cancelled).isEmpty();
    workload = first;
    assertThat(markers("main")).hasSize(1);
  }

  @Test
  void a_build_that_has_ended_is_not_asked_to_stop() throws Exception {
    Event<BuildRequested> older = request(0, "main");
    arrive(older);
    store.write(ObjectKeys.finished(older.build()), new byte[0]);
    Event<BuildRequested> newer = request(1, "main");
    arrive(newer);

    assertThat(cancelled).isEmpty();
    assertThat(markers("main")).containsExactly(newer.build());
  }

  /** A version that took such ids has left it. */
  @Test
  void a_marker_from_ahead_of_time_ends_no_build() throws Exception {
    BuildId tomorrow = BuildId.at(Instant.now().plus(Duration.ofDays(1)));
    Event<BuildRequested> today = request(0, "main");
    arrive(today);
    String marker = store.list(ObjectKeys.CONCURRENCY + workload + "/").get(0);
    store.write(marker.replace(today.build() + "", tomorrow + ""), new byte[0]);

    arrive(today);

    assertThat(cancelled).isEmpty();
  }

  @Test
  void an_older_one_is_found_again_by_who_could_not_cancel_it() throws Exception {
    Event<BuildRequested> older = request(0, "main");
    arrive(older);
    Event<BuildRequested> newer = request(1, "main");
    ConcurrencyGroup withoutKafka =
        new ConcurrencyGroup(
            store,
            new EventPublisher(
                new CloudEvents(new Topics("t.")),
                record -> CompletableFuture.failedFuture(new IllegalStateException("down"))));

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> withoutKafka.refused(newer))
        .isInstanceOf(io.tarkiln.build.UnavailableException.class);
    arrive(newer);

    assertThat(cancelled).containsExactly(older.build());
  }

  private void arrive(Event<BuildRequested> request) throws Exception {
    EventPublisher events =
        new EventPublisher(
            new CloudEvents(new Topics("t.")),
            record -> {
              cancelled.add(BuildId.parse(record.key()));
              return CompletableFuture.completedFuture(null);
            });
    Optional<BuildCancelRequested> refused = new ConcurrencyGroup(store, events).refused(request);
    refused.ifPresent(
        cancel -> {
          assertThat(cancel.workload()).isEqualTo(request.data().workload());
          cancelled.add(request.build());
        });
  }

  private TreeSet<BuildId> markers(String key) throws Exception {
    TreeSet<BuildId> builds = new TreeSet<>();
    String hash =
        Digests.of(key.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .substring("sha256:".length());
    String group = ObjectKeys.concurrency(workload, hash);
    for (String marker : store.list(group)) {
      builds.add(BuildId.parse(marker.substring(group.length())));
    }
    return builds;
  }

  /** Asked for so many milliseconds after the start; a key of null is none. */
  private Event<BuildRequested> request(int millis, String key) {
    BuildRequested plain = SampleEvents.request(workload, "api").data();
    return Event.first(
        BuildId.at(START.plusMillis(millis)),
        "cli",
        new BuildRequested(
            workload,
            plain.tag(),
            plain.extraTags(),
            plain.source(),
            plain.services(),
            plain.cache(),
            plain.mirror(),
            Optional.ofNullable(key)));
  }
}
