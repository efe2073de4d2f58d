package io.tarkiln.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.e2e.stack.BrokerProcess;
import io.tarkiln.e2e.stack.ConsumerGroups;
import io.tarkiln.e2e.stack.RequestProducer;
import io.tarkiln.e2e.stack.SeparateServices;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.core.ConditionTimeoutException;

/** Services with everything around them that can fail, and those who watch from outside. */
final class FaultyPipeline implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final Map<String, EventType> READS =
      Map.of(
          "checkout-worker", EventType.BUILD_REQUESTED,
          "dockerfile-rewriter", EventType.SOURCE_CHECKED_OUT,
          "build-submitter", EventType.DOCKERFILE_REWRITTEN,
          "artifact-pusher", EventType.IMAGE_BUILT);
  private static final String POLICY =
      """
      rules:
        - workloads: "w*"
          repositories: "**"
          images: "**"
      """;

  private final Path folder;
  private final Topics topics = new Topics("faults.");
  private final Journal journal = new Journal();
  private final FaultInjector faults;
  private final BrokerProcess broker;
  private final FastExecutor executor;
  private final SeparateServices apart;
  private final TopicHistory history;
  private final GitRepository repository;
  private final List<RequestedBuild> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService starter = Executors.newCachedThreadPool();

  /**
   * Starts all of it.
   *
   * @param instances processes of each service
   * @param lasting see {@link SeparateServices.Setup}
   * @param reallyBuilds whether a process that starts has Kaniko itself rather than the stand-in
   */
  FaultyPipeline(
      Path folder, Random random, int instances, boolean lasting, Predicate<String> reallyBuilds)
      throws Exception {
    this.folder = folder;
    faults = new FaultInjector(journal, random);
    repository = RequestedBuild.repository(folder.resolve("app"));
    Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
    broker = BrokerProcess.start(folder.resolve("kafka"));
    executor = FastExecutor.in(folder.resolve("executor"), this::ran);
    apart =
        SeparateServices.start(
            folder,
            new SeparateServices.Setup(
                topics,
                broker.bootstrapServers(),
                instances,
                Map.of(
                    "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SESSION_TIMEOUT_MS", "6000",
                    "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_HEARTBEAT_INTERVAL_MS", "1000",
                    "TARKILN_FIRST_RETRY", "0.2s",
                    "TARKILN_LONGEST_RETRY", "2s",
                    "TARKILN_CONCURRENT_BUILDS", "4",
                    "TARKILN_POLICY", policy.toString()),
                process -> {
                  String who = journal.starts(process);
                  return reallyBuilds.test(process) ? Map.of() : standIn(who);
                },
                lasting,
                faults));
    faults.killWith(apart::kill);
    history = new TopicHistory(broker.bootstrapServers(), topics, this::seen);
  }

  /** The stand-in reports to this process, which a network of its own would keep it from. */
  private Map<String, String> standIn(String who) {
    try {
      return Map.of(
          "TARKILN_KANIKO_EXECUTOR",
          executor.binaryOf(folder.resolve("executor"), who).toString(),
          "TARKILN_BUILD_NETWORK",
          "host");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void ran(String who, String moment) {
    journal.addOf(who, moment);
    faults.done(Journal.process(who), Effect.run(moment), moment);
  }

  private void seen(ConsumerRecord<String, byte[]> record) {
    String id = TopicHistory.id(record);
    String source = CloudEvents.header(record.headers(), "ce_source").orElse("");
    for (String service : SeparateServices.SERVICES) {
      if (source.endsWith(service) && !record.topic().equals(topics.of(EventType.BUILD_LOG))) {
        Effect effect = Effect.sent(record.topic(), id);
        faults.done(service + "-1", effect, id);
      }
    }
  }

  FaultInjector faults() {
    return faults;
  }

  Journal journal() {
    return journal;
  }

  TopicHistory history() {
    return history;
  }

  SeparateServices apart() {
    return apart;
  }

  BrokerProcess broker() {
    return broker;
  }

  List<RequestedBuild> asked() {
    return asked;
  }

  /** Lets every process that a fault kills start again at once, as a cluster does. */
  void startAgainWhatIsKilled() {
    faults.killWith(
        process -> {
          boolean wasThere = apart.kill(process);
          if (wasThere) {
            starter.execute(() -> start(process));
          }
          return wasThere;
        });
  }

  void start(String process) {
    try {
      apart.start(process);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Asks for a build, whatever is down. */
  RequestedBuild ask(RequestedBuild build) throws Exception {
    asked.add(build);
    journal.add("test", "asks for " + build);
    publish("build-requested", build, build.json(repository));
    return build;
  }

  void cancel(RequestedBuild build) throws Exception {
    build.cancelled().set(true);
    journal.add("test", "cancels " + build.id());
    publish("build-cancel-requested", build, "{}");
  }

  private void publish(String type, RequestedBuild build, String json) throws Exception {
    RequestProducer.publish(
        broker.bootstrapServers(), topics.prefix() + type, build.build(), type, json);
  }

  /** Sends records as they were, as a producer that is not sure does. */
  void sendAgain(List<ConsumerRecord<String, byte[]>> records) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      records.forEach(
          each ->
              producer.send(
                  new ProducerRecord<>(
                      each.topic(), null, each.key(), each.value(), each.headers())));
    }
  }

  long unfinished() {
    return asked.stream().filter(build -> !history.isFinished(build.id())).count();
  }

  /** Waits until all builds have ended, or fails with the history of one that has not. */
  void awaitEnds() {
    for (RequestedBuild build : asked) {
      awaitEnd(build);
    }
  }

  void awaitEnd(RequestedBuild build) {
    try {
      await("the end of " + build.id()).atMost(LIMIT).until(() -> history.isFinished(build.id()));
    } catch (ConditionTimeoutException lost) {
      throw new AssertionError("no end of " + verdict().story(build), lost);
    }
  }

  /** Lets each stage's group begin its topic anew, and waits until all is read again. */
  void readAllAgain() throws Exception {
    apart.stopServices();
    try (ConsumerGroups groups = new ConsumerGroups(broker.bootstrapServers())) {
      groups.resetToEarliest(groups());
      apart.startServices();
      groups.awaitEnd(groups());
    }
  }

  /** Waits until each stage has acknowledged all there is. */
  void awaitRest() {
    try (ConsumerGroups groups = new ConsumerGroups(broker.bootstrapServers())) {
      groups.awaitEnd(groups());
    }
  }

  private Map<String, String> groups() {
    return READS.entrySet().stream()
        .collect(
            Collectors.toMap(
                each -> "tarkiln-" + each.getKey(), each -> topics.of(each.getValue())));
  }

  /** Fails with the history of each build of which something is wrong. */
  void check(Collection<RequestedBuild> builds) throws Exception {
    try (ObjectStore store = apart.store()) {
      verdict().check(builds, store);
    }
    assertThat(history.deadLetters()).as("dead letters").isEmpty();
  }

  private OutcomeChecks verdict() {
    return new OutcomeChecks(history, journal, apart.registry());
  }

  /** Ends the services; fails where processes or files of theirs are left. */
  void checkLeftovers() throws IOException {
    for (String process : apart.processes()) {
      assertThat(files(apart.runs(process))).as("runs left by %s", process).isEmpty();
    }
    apart.stopServices();
    for (String process : apart.processes()) {
      assertThat(files(apart.temporary(process)))
          .as("temporary files left by %s", process)
          .allMatch(left -> left.getFileName().toString().startsWith("vertx-cache"));
    }
    String ours = folder + "/work/";
    await("processes with " + ours + " to end")
        .until(
            () ->
                ProcessHandle.allProcesses()
                    .noneMatch(each -> each.info().commandLine().orElse("").contains(ours)));
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Override
  public void close() throws IOException {
    starter.shutdownNow();
    history.close();
    apart.close();
    executor.close();
    broker.close();
  }
}
