package io.tarkiln.e2e.malformed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.e2e.malformed.BadRecords.Bad;
import io.tarkiln.e2e.stack.ConsumerGroups;
import io.tarkiln.e2e.stack.RequestProducer;
import io.tarkiln.e2e.stack.ServiceHeap;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad records on every topic that a service acts on: each is put aside or ends its build with a
 * reason, no partition waits behind one, and none leaves anything in memory. The number of records
 * and the seed are the system properties {@code tarkiln.malformed.records} and {@code .seed}.
 */
@Tag("e2e")
class MalformedTest {
  private static final int RECORDS = Integer.getInteger("tarkiln.malformed.records", 1000);
  private static final long SEED = Long.getLong("tarkiln.malformed.seed", System.nanoTime());

  /** Sent first: classes, caches and buffers are there then. */
  private static final int WARM_UP = 300;

  private static final long MAX_GROWTH_BYTES = 16L << 20;
  private static final int PARTITIONS = 8;

  /** What is bad there is passed over: every instance listens, and none has it for its own. */
  private static final EventType ONLY_LISTENED_TO = EventType.BUILD_FINISHED;

  private static final Duration MAX_SILENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("tarkiln.");
  private static final Map<String, String> GROUPS =
      Map.of(
          "tarkiln-checkout-worker", TOPICS.of(EventType.BUILD_REQUESTED),
          "tarkiln-dockerfile-rewriter", TOPICS.of(EventType.SOURCE_CHECKED_OUT),
          "tarkiln-build-submitter", TOPICS.of(EventType.DOCKERFILE_REWRITTEN),
          "tarkiln-artifact-pusher", TOPICS.of(EventType.IMAGE_BUILT),
          "tarkiln-cancellation", TOPICS.of(EventType.BUILD_CANCEL_REQUESTED));

  private final Map<Integer, SentRecord> sent = new HashMap<>();

  /** The number of each by its place and by the id of its build. */
  private final Map<String, Integer> numbers = new HashMap<>();

  @TempDir private Path folder;

  @Test
  void every_bad_record_is_put_aside_or_refused_and_holds_nothing_up() throws Exception {
    System.out.printf(
        "malformed: -Dtarkiln.malformed.seed=%d -Dtarkiln.malformed.records=%d%n", SEED, RECORDS);
    GitRepository repository =
        GitRepository.in(folder.resolve("app"))
            .file("Dockerfile", "FROM scratch\nCOPY . /\n")
            .committed();
    try (Stack stack = Stack.up(folder.resolve("state"));
        RecordOutcomes endings = new RecordOutcomes(stack.kafka(), TOPICS)) {
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
                  .flatMap(one -> one.problem(endings.all().get(one.number())).stream()))
          .as("records that did not end as they should")
          .isEmpty();
      assertThat(after - before).as("growth of the heap in bytes").isLessThan(MAX_GROWTH_BYTES);
      buildOnEveryPartition(repository, stack);
      stopWhatHasEnded(stack);
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
      Map<Integer, Future<RecordMetadata>> confirmed = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        Bad bad = records.next();
        confirmed.put(bad.number(), producer.send(bad.record()));
        if (bad.type() != ONLY_LISTENED_TO) {
          numbers.put(bad.build().toString(), bad.number());
          sent.put(bad.number(), SentRecord.of(bad));
        }
      }
      for (Map.Entry<Integer, Future<RecordMetadata>> each : confirmed.entrySet()) {
        RecordMetadata where = each.getValue().get();
        if (sent.containsKey(each.getKey())) {
          numbers.put(
              RecordOutcomes.place(where.topic(), where.partition(), where.offset()),
              each.getKey());
        }
      }
    }
  }

  private void awaitAll(RecordOutcomes endings) {
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
          .isAfter(Instant.now().minus(MAX_SILENCE));
    }
  }

  private String missing(RecordOutcomes endings) {
    return sent.values().stream()
        .filter(one -> !endings.all().containsKey(one.number()))
        .map(SentRecord::what)
        .toList()
        .toString();
  }

  private Map<String, Long> counted(RecordOutcomes endings) {
    return new TreeMap<>(
        endings.all().values().stream()
            .map(list -> list.get(0))
            .collect(groupingBy(MalformedTest::kind, counting())));
  }

  private static String kind(RecordOutcomes.Ending ending) {
    if (ending instanceof RecordOutcomes.PutAside letter) {
      return letter.leftOut().isEmpty() ? "put aside" : "put aside without value";
    }
    return "refused: " + ((RecordOutcomes.Ended) ending).code();
  }

  private void buildOnEveryPartition(GitRepository repository, Stack stack) throws Exception {
    Map<Integer, BuildId> builds = new TreeMap<>();
    while (builds.size() < PARTITIONS) {
      BuildId build = BuildId.next();
      byte[] key = build.toString().getBytes(UTF_8);
      builds.put(Utils.toPositive(Utils.murmur2(key)) % PARTITIONS, build);
    }
    for (BuildId build : builds.values()) {
      RequestProducer.publish(
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
                watcher.await(record -> build.toString().equals(record.key()), MAX_SILENCE).value())
            .contains("\"succeeded\"");
      }
    }
  }

  /** Who runs Kaniko still hears that a build has ended. */
  private void stopWhatHasEnded(Stack stack) throws Exception {
    GitRepository endless =
        GitRepository.in(folder.resolve("endless"))
            .file("Dockerfile", "FROM alpine:3.20\nRUN echo begun && sleep 3600\n")
            .committed();
    String build = stack.publish("endless", endless.url()).out().strip();
    try (Watcher watcher = new Watcher(stack.kafka(), List.of(TOPICS.of(EventType.BUILD_LOG)))) {
      watcher.await(log -> isOf(build, log, "begun"), MAX_SILENCE);
      assertThat(stack.tarkiln("cancel", build).exit()).isZero();
      watcher.await(log -> isOf(build, log, "the build was cancelled"), MAX_SILENCE);
    }
  }

  private static boolean isOf(String build, ConsumerRecord<String, String> log, String text) {
    return build.equals(log.key()) && log.value().contains(text);
  }
}
