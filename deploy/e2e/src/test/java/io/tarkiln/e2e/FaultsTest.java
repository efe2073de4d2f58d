package io.tarkiln.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.BuildId;
import io.tarkiln.embedded.GitRepository;
import io.tarkiln.embedded.TestKafka;
import io.tarkiln.embedded.Watcher;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random builds while services are killed at random, and what must be true afterwards, seen from
 * outside: by a plain consumer, in S3 and in the registry. {@code deploy/e2e/faults} makes a long
 * run of it.
 */
class FaultsTest {
  private static final int BUILDS = Integer.getInteger("tarkiln.faults.builds", 5);
  private static final int KILLS = Integer.getInteger("tarkiln.faults.kills", 3);
  private static final long SEED = Long.getLong("tarkiln.faults.seed", System.nanoTime());
  private static final int LONGEST_QUIET_MS = 3000;
  private static final Topics TOPICS = new Topics("faults.");
  private static final Map<String, String> QUICK =
      Map.of(
          "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SESSION_TIMEOUT_MS", "6000",
          "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_HEARTBEAT_INTERVAL_MS", "1000",
          "TARKILN_FIRST_RETRY", "0.2s");

  private static final Map<String, EventType> GROUPS_OF_TYPES =
      Map.of(
          "tarkiln-checkout-worker", EventType.BUILD_REQUESTED,
          "tarkiln-dockerfile-rewriter", EventType.SOURCE_CHECKED_OUT,
          "tarkiln-build-submitter", EventType.DOCKERFILE_REWRITTEN,
          "tarkiln-artifact-pusher", EventType.IMAGE_BUILT);
  private static final Map<String, String> GROUPS =
      GROUPS_OF_TYPES.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, each -> TOPICS.of(each.getValue())));

  private final Random random = new Random(SEED);

  @TempDir private Path folder;

  /** A build as it was asked for. */
  private record Asked(BuildId build, String tag, List<String> services, boolean fails) {}

  @Test
  void every_build_ends_once_and_tags_tell_the_truth_whoever_is_killed() throws Exception {
    System.out.printf("faults: -Dtarkiln.faults.seed=%d builds=%d kills=%d%n", SEED, BUILDS, KILLS);
    GitRepository repository =
        GitRepository.in(folder.resolve("app"))
            .file("good/Dockerfile", "FROM scratch\nCOPY Dockerfile /copied\n")
            .file("bad/Dockerfile", "FROM scratch\nRUN there is no shell\n");
    repository.commit();
    try (Apart apart = Apart.start(folder, TOPICS.prefix(), QUICK)) {
      List<Asked> asked = new ArrayList<>();
      for (int i = 0; i < BUILDS; i++) {
        asked.add(ask(repository, i));
      }
      List<Asked> cancelled = asked.stream().filter(build -> random.nextInt(5) == 0).toList();
      for (int kill = 0; kill < KILLS; kill++) {
        quiet();
        String service = Apart.SERVICES.get(random.nextInt(Apart.SERVICES.size()));
        apart.kill(service);
        if (kill == 0) {
          for (Asked build : cancelled) {
            tell(build.build(), "build-cancel-requested", "{}");
          }
        }
        quiet();
        apart.start(service);
      }

      checkAll(asked, cancelled, apart);
      apart.services().forEach(Service::awaitReady);
      assertThat(runs(apart)).as("directories of runs that are left").isEmpty();

      List<String> before = facts();
      apart.stopServices();
      try (ConsumerGroups groups = new ConsumerGroups(TestKafka.bootstrapServers())) {
        groups.resetToEarliest(GROUPS);
        apart.startServices();
        groups.awaitEnd(GROUPS);
      }

      checkAll(asked, cancelled, apart);
      assertThat(facts()).as("facts told after all groups began anew").isEqualTo(before);
    }
  }

  private void checkAll(List<Asked> asked, List<Asked> cancelled, Apart apart) throws Exception {
    try (Watcher watcher = new Watcher(TestKafka.bootstrapServers(), TOPICS.all());
        ObjectStore store = apart.store()) {
      for (Asked build : asked) {
        check(build, cancelled.contains(build), watcher, store, apart.registry());
      }
      assertThat(watcher.all(TOPICS.deadLetter())).isEmpty();
    }
  }

  /** The distinct facts that all events tell, log lines apart. */
  private static List<String> facts() {
    try (Watcher watcher = new Watcher(TestKafka.bootstrapServers(), TOPICS.all())) {
      return TOPICS.all().stream()
          .filter(topic -> !topic.equals(TOPICS.of(EventType.BUILD_LOG)))
          .flatMap(topic -> watcher.all(topic).stream())
          .map(record -> new String(record.headers().lastHeader("ce_id").value(), UTF_8))
          .distinct()
          .sorted()
          .toList();
    }
  }

  private Asked ask(GitRepository repository, int number) throws Exception {
    boolean fails = random.nextInt(4) == 0;
    List<String> services =
        IntStream.rangeClosed(1, 1 + random.nextInt(3)).mapToObj(i -> "s" + i).toList();
    String bad = fails ? services.get(random.nextInt(services.size())) : "";
    BuildId build = BuildId.next();
    String tag = "t" + number;
    tell(
        build,
        "build-requested",
        """
        {"workload": "faults", "tag": "%s", "extraTags": ["x-%1$s"],
         "source": {"repository": "%s", "revision": "main"}, "services": [%s]}
        """
            .formatted(
                tag,
                repository.url(),
                services.stream()
                    .map(
                        name ->
                            "{\"name\": \"%s\", \"context\": \"%s\"}"
                                .formatted(name, name.equals(bad) ? "bad" : "good"))
                    .collect(Collectors.joining(", "))));
    return new Asked(build, tag, services, fails);
  }

  private static void tell(BuildId build, String type, String json) throws Exception {
    Publisher.publish(TestKafka.bootstrapServers(), TOPICS.prefix() + type, build, type, json);
  }

  private void check(
      Asked asked, boolean cancelled, Watcher watcher, ObjectStore store, RegistryReader registry)
      throws Exception {
    String key = asked.build().toString();
    String finished = TOPICS.of(EventType.BUILD_FINISHED);
    watcher.await(
        record -> record.topic().equals(finished) && key.equals(record.key()),
        Duration.ofMinutes(5).plusSeconds(2L * BUILDS));
    List<String> outcomes =
        watcher.all(finished, key).stream().map(ConsumerRecord::value).distinct().toList();
    assertThat(outcomes).as("outcomes of %s", asked).hasSize(1);
    JsonNode outcome = new ObjectMapper().readTree(outcomes.get(0));
    String how = outcome.get("outcome").asText();
    assertThat(how)
        .as("%s: %s", asked, outcome)
        .isIn(
            Stream.of("succeeded", "failed", "cancelled")
                .filter(each -> !each.equals("cancelled") || cancelled)
                .filter(each -> !each.equals(asked.fails() ? "succeeded" : "failed"))
                .toList());
    for (String service : asked.services()) {
      for (String tag : List.of(asked.tag(), "x-" + asked.tag())) {
        assertThat(registry.digest("faults/" + service, tag))
            .as("%s of %s in %s", tag, service, asked)
            .isEqualTo(digest(outcome, service));
      }
      if (how.equals("succeeded")) {
        assertThat(store.exists(Keys.log(asked.build(), service))).isTrue();
      }
    }
  }

  /** What the outcome says that a service's tags name; empty where nothing may be tagged. */
  private static String digest(JsonNode outcome, String service) {
    for (JsonNode image : outcome.get("images")) {
      if (image.get("service").asText().equals(service)) {
        return image.get("digest").asText();
      }
    }
    return "";
  }

  private static List<Path> runs(Apart apart) throws Exception {
    try (Stream<Path> runs = Files.list(apart.runs())) {
      return runs.toList();
    }
  }

  /** Lets the services work for a random while. */
  private void quiet() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_QUIET_MS));
  }
}
