package io.tarkiln.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.e2e.BadRecords.Bad;
import io.tarkiln.embedded.GitRepository;
import io.tarkiln.embedded.Watcher;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad records on every topic that a service acts on: each is put aside or ends its build with a
 * reason, no partition waits behind one, and none leaves anything in memory. The number of records
 * and the seed are the system properties {@code tarkiln.malformed.records} and {@code .seed}.
 */
class MalformedTest {
  private static final int RECORDS = Integer.getInteger("tarkiln.malformed.records", 1000);
  private static final long SEED = Long.getLong("tarkiln.malformed.seed", System.nanoTime());

  /** Sent first: classes, caches and buffers are there then. */
  private static final int WARM_UP = 300;

  private static final long MOST_GROWTH_BYTES = 16L << 20;
  private static final int LONGEST_REASON = 10_000;
  private static final int PARTITIONS = 8;

  /** They tell of a fault of ours or of our servers, not of the record. */
  private static final Set<String> NO_REFUSALS = Set.of("internal-error", "unavailable", "timeout");

  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("tarkiln.");
  private static final Map<String, String> GROUPS =
      Map.of(
          "tarkiln-checkout-worker", TOPICS.of(EventType.BUILD_REQUESTED),
          "tarkiln-dockerfile-rewriter", TOPICS.of(EventType.SOURCE_CHECKED_OUT),
          "tarkiln-build-submitter", TOPICS.of(EventType.DOCKERFILE_REWRITTEN),
          "tarkiln-artifact-pusher", TOPICS.of(EventType.IMAGE_BUILT),
          "tarkiln-cancellation", TOPICS.of(EventType.BUILD_CANCEL_REQUESTED));

  private final Map<Integer, Sent> sent = new HashMap<>();

  /** The number of each by its place and by the id of its build. */
  private final Map<String, Integer> numbers = new HashMap<>();

  @TempDir private Path folder;

  private record Sent(int number, String what, int hash) {}

  @Test
  void every_bad_record_is_put_aside_or_refused_and_holds_nothing_up() throws Exception {
    System.out.printf(
        "malformed: -Dtarkiln.malformed.seed=%d -Dtarkiln.malformed.records=%d%n", SEED, RECORDS);
    GitRepository repository =
        GitRepository.in(folder.resolve("app")).file("Dockerfile", "FROM scratch\nCOPY . /\n");
    repository.commit();
    try (Stack stack = Stack.up(folder.resolve("state"));
        Endings endings = new Endings(stack.kafka(), TOPICS)) {
      BadRecords records = new BadRecords(SEED, TOPICS.prefix(), repository.url());
      ServiceHeap heap = new ServiceHeap(stack.pid());
      send(records, WARM_UP, stack);
      awaitAll(endings);
      long before = heap.usedBytes();

      send(records, RECORDS, stack);
      awaitAll(endings);
      long after = heap.usedBytes();

      System.out.printf(
          "malformed: %s, heap %d kB, then %d kB%n", counted(endings), before >> 10, after >> 10);
      assertThat(
              sent.values().stream()
                  .flatMap(one -> problem(one, endings.all().get(one.number())).stream()))
          .as("records that did not end as they should")
          .isEmpty();
      assertThat(after - before).as("growth of the heap in bytes").isLessThan(MOST_GROWTH_BYTES);
      buildOnEveryPartition(repository, stack);
      try (ConsumerGroups groups = new ConsumerGroups(stack.kafka())) {
        groups.awaitEnd(GROUPS);
      }
    }
  }

  private void send(BadRecords records, int count, Stack stack) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.kafka(), "max.request.size", 2 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> confirmed = new ArrayList<>();
      List<Integer> inOrder = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Bad bad = records.next();
        int hash = Arrays.hashCode(bad.record().value());
        numbers.put(bad.build().toString(), bad.number());
        confirmed.add(producer.send(bad.record()));
        inOrder.add(bad.number());
        sent.put(
            bad.number(),
            new Sent(bad.number(), bad.number() + " " + bad.type() + " " + bad.fault(), hash));
      }
      for (int i = 0; i < count; i++) {
        RecordMetadata where = confirmed.get(i).get();
        numbers.put(
            Endings.place(where.topic(), where.partition(), where.offset()), inOrder.get(i));
      }
    }
  }

  private void awaitAll(Endings endings) {
    Instant last = Instant.now();
    int known = 0;
    while (endings.all().size() < sent.size()) {
      endings.poll(name -> Optional.ofNullable(numbers.get(name)));
      if (endings.all().size() > known) {
        known = endings.all().size();
        last = Instant.now();
      }
      assertThat(last)
          .as(() -> "unaccounted for: " + missing(endings))
          .isAfter(Instant.now().minus(LONGEST_SILENCE));
    }
  }

  private String missing(Endings endings) {
    return sent.values().stream()
        .filter(one -> !endings.all().containsKey(one.number()))
        .map(Sent::what)
        .toList()
        .toString();
  }

  /** What is wrong with how a record ended. */
  private static Optional<String> problem(Sent sent, List<Endings.Ending> endings) {
    Endings.Ending ending = endings.get(0);
    boolean isReasonBad = ending.reason().isBlank() || ending.reason().length() > LONGEST_REASON;
    boolean isBad =
        ending instanceof Endings.PutAside letter
            ? letter.isWhole() && letter.hash() != sent.hash()
            : ending instanceof Endings.Ended ended
                && (!ended.outcome().equals("failed") || NO_REFUSALS.contains(ended.code()));
    return endings.size() > 1 || isReasonBad || isBad
        ? Optional.of(sent.what() + ": " + endings)
        : Optional.empty();
  }

  private Map<String, Long> counted(Endings endings) {
    return new TreeMap<>(
        endings.all().values().stream()
            .map(list -> list.get(0))
            .collect(
                groupingBy(
                    ending ->
                        ending instanceof Endings.Ended ended
                            ? "refused: " + ended.code()
                            : "put aside",
                    counting())));
  }

  private void buildOnEveryPartition(GitRepository repository, Stack stack) throws Exception {
    Map<Integer, BuildId> builds = new TreeMap<>();
    while (builds.size() < PARTITIONS) {
      BuildId build = BuildId.next();
      byte[] key = build.toString().getBytes(UTF_8);
      builds.put(Utils.toPositive(Utils.murmur2(key)) % PARTITIONS, build);
    }
    for (BuildId build : builds.values()) {
      Publisher.publish(
          stack.kafka(),
          TOPICS.of(EventType.BUILD_REQUESTED),
          build,
          """
          {"workload": "good", "tag": "t", "source": {"repository": "%s"},
           "services": [{"name": "app"}]}
          """
              .formatted(repository.url()));
    }
    String finished = TOPICS.of(EventType.BUILD_FINISHED);
    try (Watcher watcher = new Watcher(stack.kafka(), List.of(finished))) {
      for (BuildId build : builds.values()) {
        assertThat(
                watcher
                    .await(record -> build.toString().equals(record.key()), LONGEST_SILENCE)
                    .value())
            .contains("\"succeeded\"");
      }
    }
  }
}
