package io.tarkiln.cli;

import static io.tarkiln.samples.SampleEvents.COMMIT;
import static io.tarkiln.samples.SampleEvents.checkedOut;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.cli.session.EventReader;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.cloudevents.DeadLetters;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.SentRecords;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.TestKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replaying, cancelling and repairing, on a real broker; the test plays the services. */
@Tag("server")
class RepeatCommandsTest {
  private static final Topics TOPICS = new Topics("tarkiln.");
  private static final CloudEvents CLOUD_EVENTS = new CloudEvents(TOPICS);

  @TempDir private Path folder;
  private static KafkaProducer<String, byte[]> producer;

  @BeforeAll
  static void start() throws Exception {
    TestKafka.createTopics(TOPICS.all().toArray(String[]::new));
    Cli.configure(Map.of(Settings.KAFKA, TestKafka.bootstrapServers()));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
  }

  @Test
  void replays_the_commit_of_a_build_as_a_new_build() throws Exception {
    Event<BuildRequested> old = SampleEvents.request("again", "api");
    publish(old);
    publish(checkedOut(old));

    Cli.Ran ran = Cli.run("replay", old.build().toString());

    assertThat(ran.exit()).as(ran.err()).isZero();
    Event<BuildRequested> replayed = request(BuildId.parse(ran.out().strip()));
    assertThat(replayed.build()).isNotEqualTo(old.build());
    assertThat(replayed.rebuildOf()).contains(old.build());
    assertThat(replayed.data()).isEqualTo(old.data().at(COMMIT));
  }

  @Test
  void replays_the_commit_of_a_build_that_was_before_partitions_were_added() throws Exception {
    Event<BuildRequested> old = SampleEvents.request("fewer-partitions", "api");
    publish(old);
    ProducerRecord<String, byte[]> record = CLOUD_EVENTS.encode(checkedOut(old));
    int partitions = producer.partitionsFor(record.topic()).size();
    assertThat(partitions).isGreaterThan(1);
    int now = BuiltInPartitioner.partitionForKey(record.key().getBytes(UTF_8), partitions);
    int then = (now + 1) % partitions;
    producer
        .send(
            new ProducerRecord<>(
                record.topic(), then, record.key(), record.value(), record.headers()))
        .get();

    Cli.Ran ran = Cli.run("replay", old.build().toString());

    assertThat(request(BuildId.parse(ran.out().strip())).data().source().revision())
        .isEqualTo(COMMIT);
  }

  @Test
  void replays_what_the_branch_means_now_on_demand() throws Exception {
    Event<BuildRequested> old = SampleEvents.request("latest", "api");
    publish(old);
    publish(checkedOut(old));

    Cli.Ran ran = Cli.run("replay", "--latest-revision", old.build().toString());

    assertThat(request(BuildId.parse(ran.out().strip())).data()).isEqualTo(old.data());
  }

  @Test
  void a_replay_of_a_replay_names_the_first_build() throws Exception {
    Event<BuildRequested> old = SampleEvents.request("chain", "api");
    publish(old);

    String second = Cli.run("replay", old.build().toString()).out().strip();
    String third = Cli.run("replay", second).out().strip();

    assertThat(request(BuildId.parse(third)).rebuildOf()).contains(old.build());
  }

  @Test
  void replays_the_failed_builds_of_a_workload() throws Exception {
    Event<BuildRequested> failed = SampleEvents.request("some-fail", "api");
    Event<BuildRequested> fine = SampleEvents.request("some-fail", "api");
    Event<BuildRequested> other = SampleEvents.request("other", "api");
    for (Event<BuildRequested> each : List.of(failed, fine, other)) {
      publish(each);
    }
    publish(failed.next("x", failed(failed)));
    publish(other.next("x", failed(other)));

    Cli.Ran dry =
        Cli.run("replay --since 1h --workload some-fail --failed --dry-run -o json".split(" "));
    Cli.Ran ran = Cli.run("replay --since 1h --workload some-fail --failed".split(" "));

    JsonNode planned = new ObjectMapper().readTree(dry.out());
    assertThat(planned).hasSize(1);
    assertThat(planned.get(0).get("rebuildOf").asText()).isEqualTo(failed.build().toString());
    assertThat(planned.get(0).has("build")).isFalse();
    assertThat(ran.out().lines()).hasSize(1);
    assertThat(request(BuildId.parse(ran.out().strip())).rebuildOf()).contains(failed.build());
  }

  @Test
  void wants_a_yes_before_many_builds_and_nobody_is_there_to_answer() throws Exception {
    for (int i = 0; i <= 20; i++) {
      publish(SampleEvents.request("many", "api"));
    }

    Cli.Ran refused = Cli.run("replay --since 1h --workload many".split(" "));
    Cli.Ran ran = Cli.run("replay --since 1h --workload many --yes".split(" "));

    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("21 builds", "--yes");
    assertThat(ran.out().lines()).hasSize(21);
  }

  @Test
  void replay_wants_ids_or_a_time() {

    assertThat(Cli.run("replay", "--since", "1h", BuildId.next().toString()).exit()).isEqualTo(2);
    assertThat(Cli.run("replay", "--failed", BuildId.next().toString()).exit()).isEqualTo(2);
    assertThat(Cli.run("replay", BuildId.next().toString()).exit()).isEqualTo(1);
  }

  @Test
  void cancel_asks_to_stop_a_build_that_runs() throws Exception {
    Event<BuildRequested> running = SampleEvents.request("running", "api");
    publish(running);

    Cli.Ran ran = Cli.run("cancel", running.build().toString(), "--message", "wrong branch");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(await(running.build(), EventType.BUILD_CANCEL_REQUESTED).data())
        .isEqualTo(new BuildCancelRequested("running", Optional.of("wrong branch")));
  }

  @Test
  void a_build_that_has_ended_cannot_be_cancelled() throws Exception {
    Event<BuildRequested> ended = SampleEvents.request("ended", "api");
    publish(ended);
    publish(ended.next("x", failed(ended)));

    Cli.Ran ran = Cli.run("cancel", ended.build().toString());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("has ended already: failed");
  }

  @Test
  void a_dead_letter_is_listed_shown_repaired_and_sent_again() throws Exception {
    Event<BuildRequested> broken = SampleEvents.request("broken", "api");
    ProducerRecord<String, byte[]> good = CLOUD_EVENTS.encode(broken);
    byte[] cut = "{\"workload\": \"broken\"".getBytes(UTF_8);
    String id = deadLetter(good, cut, "the data is not JSON");
    Path repaired = Files.write(folder.resolve("repaired.json"), good.value());

    Cli.Ran list = Cli.run("deadletters", "list");
    Cli.Ran show = Cli.run("deadletters", "show", id);
    Cli.Ran asItIs = Cli.run("deadletters", "retry", id);
    Cli.Ran retried = Cli.run("deadletters", "retry", id, "--data", repaired.toString());

    assertThat(list.out())
        .contains(id, "tarkiln.build-requested/0@42", broken.build().toString(), "not JSON");
    assertThat(show.out()).isEqualTo(new String(cut, UTF_8));
    assertThat(show.err()).contains("ce_type: io.tarkiln.build.requested.v1");
    assertThat(asItIs.exit()).isEqualTo(1);
    assertThat(asItIs.err()).contains("not readable yet");
    assertThat(retried.exit()).as(retried.err()).isZero();
    assertThat(request(broken.build())).isEqualTo(broken);
  }

  @Test
  void a_dead_letter_of_another_topic_would_only_come_back() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("astray", "api");
    ProducerRecord<String, byte[]> good = CLOUD_EVENTS.encode(request.next("x", failed(request)));
    ProducerRecord<String, byte[]> astray =
        new ProducerRecord<>(
            "tarkiln.build-requested", null, good.key(), good.value(), good.headers());
    String id = deadLetter(astray, astray.value(), "it does not belong on this topic");

    Cli.Ran retried = Cli.run("deadletters", "retry", id);

    assertThat(retried.exit()).isEqualTo(1);
    assertThat(retried.err())
        .contains("does not belong on tarkiln.build-requested", "tarkiln.build-finished");
  }

  @Test
  void a_dead_letter_that_is_not_there_is_not_found() {
    assertThat(Cli.run("deadletters", "show", "0-999999").exit()).isEqualTo(1);
    assertThat(Cli.run("deadletters", "show", "first").exit()).isEqualTo(2);
    assertThat(Cli.run("deadletters").exit()).isEqualTo(2);
  }

  /** Puts a record aside as services do and returns its id. */
  private static String deadLetter(ProducerRecord<String, byte[]> good, byte[] value, String why)
      throws Exception {
    ConsumerRecord<String, byte[]> received = SentRecords.received(good, 42, value);
    var put = producer.send(DeadLetters.of(received, why, TOPICS)).get();
    return put.partition() + "-" + put.offset();
  }

  private static BuildFinished failed(Event<BuildRequested> request) {
    return BuildFinished.failed(
        request.data().workload(),
        "1",
        "build-submitter",
        Optional.of("api"),
        Reason.BUILD_FAILED,
        "RUN make failed",
        List.of());
  }

  private static void publish(Event<?> event) throws Exception {
    producer.send(CLOUD_EVENTS.encode(event)).get();
  }

  @SuppressWarnings("unchecked") // the type determines the class of the data
  private static Event<BuildRequested> request(BuildId build) throws Exception {
    return (Event<BuildRequested>) await(build, EventType.BUILD_REQUESTED);
  }

  private static Event<?> await(BuildId build, EventType type) throws Exception {
    try (EventReader reader =
        EventReader.since(
            new KafkaAccess(UserSettings.ofUser()),
            Instant.now().minus(Duration.ofMinutes(10)),
            type)) {
      List<Event<?>> found = new ArrayList<>();
      reader.follow(
          Instant.now().plus(Duration.ofMinutes(1)),
          event -> {
            if (event.build().equals(build)) {
              found.add(event);
            }
            return found.isEmpty();
          },
          () -> {});
      assertThat(found).as("%s of build %s", type, build).isNotEmpty();
      return found.get(0);
    }
  }
}
