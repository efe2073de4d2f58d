package io.tarkiln.cli;

import static io.tarkiln.samples.SampleEvents.checkedOut;
import static io.tarkiln.samples.SampleEvents.input;
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
import io.tarkiln.embedded.S3Server;
import io.tarkiln.event.BaseImage;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildLog;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.EventType;
import io.tarkiln.event.ImagePushed;
import io.tarkiln.event.Topics;
import io.tarkiln.event.Warning;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.TestKafka;
import io.tarkiln.testkit.Watcher;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands publish and show, on a real broker and a real S3; the test plays the services. */
@Tag("server")
class BuildCommandsTest {
  private static final Topics TOPICS = new Topics("tarkiln.");
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String WARNING =
      "warning: Dockerfile line 12: it is copied as a link (copy-link)";
  @TempDir static Path folder;
  private static S3Server s3;
  private static ObjectStore store;
  private static KafkaProducer<String, byte[]> services;

  @BeforeAll
  static void start() throws Exception {
    TestKafka.createTopics(TOPICS.all().toArray(String[]::new));
    s3 = S3Server.start(folder, "localhost", 0);
    Map<String, String> settings = new HashMap<>(s3.variables());
    settings.put(Settings.KAFKA, TestKafka.bootstrapServers());
    Cli.configure(settings);
    store = ObjectStore.connect(UserSettings.of(settings).settings());
    store.createBucket();
    services =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stop() throws Exception {
    services.close();
    store.close();
    s3.close();
  }

  @Test
  void publish_sends_the_documented_record() throws Exception {
    Cli.Ran ran =
        Cli.run(
            ("publish --workload shop --tag 1.4.0 --repository https://git.example/shop.git"
                    + " --service api=services/api --build-arg api:VERSION=1.4.0 --no-mirror")
                .split(" "));

    assertThat(ran.exit()).as(ran.err()).isZero();
    String build = BuildId.parse(ran.out().strip()).toString();
    ConsumerRecord<String, String> record = request(build);
    assertThat(record.key()).isEqualTo(build);
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "ce_type")).isEqualTo("io.tarkiln.build.requested.v1");
    assertThat(header(record, "ce_id")).startsWith(build);
    assertThat(header(record, "traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    JsonNode data = new ObjectMapper().readTree(record.value());
    assertThat(data.at("/source/revision").asText()).isEqualTo("HEAD");
    assertThat(data.at("/services/0/buildArgs/VERSION").asText()).isEqualTo("1.4.0");
    assertThat(data.get("cache").asBoolean()).isTrue();
    assertThat(data.get("mirror").asBoolean()).isFalse();
  }

  @Test
  void publish_answers_in_json() throws Exception {
    Cli.Ran ran =
        Cli.run(
            "publish --workload shop --tag 1 --repository https://x/y --service api=. -o json"
                .split(" "));

    assertThat(BuildId.parse(new ObjectMapper().readTree(ran.out()).get("build").asText()))
        .isNotNull();
  }

  @Test
  void a_build_that_succeeded_is_shown_whole() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("list-me", "api");
    publishAll(request);
    String build = request.build().toString();

    Cli.Ran list = Cli.run("list", "--workload", "list-me");
    Cli.Ran show = Cli.run("show", build);
    Cli.Ran watch = Cli.run("watch", build);
    JsonNode json = new ObjectMapper().readTree(Cli.run("show", "-o", "json", build).out());

    assertThat(list.out().lines()).hasSize(2);
    assertThat(list.out()).containsPattern(build + " +list-me:1 +\\S+ +succeeded");
    assertThat(Cli.run("list", "--workload", "list-me", "-o", "json").out())
        .contains(build, "succeeded")
        .doesNotContain("reached");
    assertThat(show.exit()).isZero();
    assertThat(show.out())
        .contains("list-me:1", "https://git.example/shop.git at main", "image-pushed")
        .contains("line 1 FROM alpine:3.20 -> harbor.example/p/library/alpine:3.20")
        .contains("  " + WARNING)
        .contains("localhost:5000/list-me/api:1@" + DIGEST)
        .containsPattern("outcome +succeeded");
    assertThat(watch.exit()).isZero();
    assertThat(watch.out())
        .contains("list-me:1 succeeded", DIGEST)
        .containsPattern("api +warning +Dockerfile line 12: it is copied as a link")
        .containsSubsequence("list-me:1 succeeded", "  " + WARNING);
    assertThat(json.at("/services/0/pushed/digest").asText()).isEqualTo(DIGEST);
    assertThat(json.at("/outcome/outcome").asText()).isEqualTo("succeeded");
    assertThat(json.at("/services/0/warnings")).hasSize(1);
    assertThat(json.at("/services/0/warnings/0/line").asInt()).isEqualTo(12);
    assertThat(json.at("/services/0/warnings/0/code").asText()).isEqualTo("copy-link");
    assertThat(json.at("/services/0/warnings/0/message").asText()).endsWith("as a link");
  }

  @Test
  void a_build_that_failed_ends_with_1_and_its_last_lines() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("broken", "api");
    publish(request);
    publish(
        request.next(
            "build-submitter",
            BuildFinished.failed(
                "broken",
                "1",
                "build-submitter",
                Optional.of("api"),
                Reason.BUILD_FAILED,
                "RUN make failed",
                List.of("make: *** [all] \u001b[31mError 2\u001b[0m"))));
    String build = request.build().toString();

    Cli.Ran watch = Cli.run("watch", build);
    Cli.Ran json = Cli.run("watch", "-o", "json", build);

    assertThat(watch.exit()).isEqualTo(1);
    assertThat(watch.err())
        .contains("  | make: *** [all] Error 2")
        .contains("broken:1 failed at build-submitter, service api")
        .contains("RUN make failed");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(json.out()).at("/outcome/message").asText())
        .isEqualTo("RUN make failed");
    assertThat(Cli.run("list", "--failed", "--workload", "broken").out()).contains(build);
    assertThat(Cli.run("list", "--failed", "--workload", "list-me").out().lines()).hasSize(1);
  }

  @Test
  void what_the_engine_cannot_build_is_said_with_its_line() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("heredoc", "api");
    String message = "services/api/Dockerfile line 3: RUN <<EOF: Kaniko skips it";
    publish(request);
    publish(checkedOut(request));
    publish(
        request.next(
            "dockerfile-rewriter",
            BuildFinished.failed(
                "heredoc",
                "1",
                "dockerfile-rewriter",
                Optional.of("api"),
                Reason.ENGINE_CANNOT,
                message,
                List.of())));
    String build = request.build().toString();

    Cli.Ran watch = Cli.run("watch", build);
    JsonNode json = new ObjectMapper().readTree(Cli.run("show", "-o", "json", build).out());

    String outcome = "failed at dockerfile-rewriter, service api: engine-cannot: " + message;
    assertThat(watch.exit()).isEqualTo(1);
    assertThat(watch.err()).contains("heredoc:1 " + outcome);
    assertThat(Cli.run("show", build).out()).contains(outcome);
    assertThat(json.at("/outcome/reason").asText()).isEqualTo("engine-cannot");
    assertThat(json.at("/outcome/message").asText()).isEqualTo(message);
    assertThat(json.at("/services/0/warnings")).isEmpty();
  }

  @Test
  void logs_come_from_the_topic_until_the_end_and_then_from_s3() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("noisy", "api");
    publish(request);
    publish(request.next("build-submitter", new BuildLog("noisy", "api", 1, List.of("a", "b"))));
    publish(request.next("build-submitter", new BuildLog("noisy", "api", 1, List.of("a", "b"))));
    publish(request.next("build-submitter", new BuildLog("noisy", "api", 3, List.of("c"))));
    String build = request.build().toString();

    assertThat(Cli.run("logs", build).out().lines()).containsExactly("a", "b", "c");
    assertThat(Cli.run("logs", build, "--service", "web").exit()).isEqualTo(1);

    StringWriter out = new StringWriter();
    CompletableFuture<Cli.Ran> followed =
        CompletableFuture.supplyAsync(() -> Cli.run(out, "logs", build, "--follow"));
    while (!out.toString().contains("c") && !followed.isDone()) {
      Thread.sleep(20);
    }
    publish(request.next("build-submitter", new BuildLog("noisy", "api", 4, List.of("d"))));
    publish(request.next("artifact-pusher", succeeded("noisy")));
    store.write(ObjectKeys.log(request.build(), "api"), "a\nb\nc\nd\ne\n".getBytes(UTF_8));

    assertThat(followed.get().out().lines()).containsExactly("a", "b", "c", "d");
    assertThat(Cli.run("logs", build).out().lines()).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void build_follows_what_it_asked_for_and_shows_it() throws Exception {
    CompletableFuture<Cli.Ran> building =
        CompletableFuture.supplyAsync(
            () ->
                Cli.run(
                    ("build --workload followed --tag 1 --repository https://x/y --service api=."
                            + " --annotations --timeout 60s")
                        .split(" ")));
    Event<BuildRequested> request = await("followed");
    publishAll(request);

    Cli.Ran ran = building.get();

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("build " + request.build());
    assertThat(ran.out())
        .containsPattern("source-checked-out +commit 4f2c1e9a4f2c")
        .contains("| hello")
        .containsSubsequence("followed:1 succeeded", "  " + WARNING)
        .contains(
            "\n::warning file=Dockerfile,line=12,title=tarkiln%2C service api::"
                + "it is copied as a link (copy-link)\n");
  }

  @Test
  void a_wait_that_is_too_long_ends_with_3_and_says_how_to_go_on() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("slow", "api");
    publish(request);

    Cli.Ran ran = Cli.run("watch", request.build().toString(), "--timeout", "1s");

    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.err()).contains("tarkiln watch " + request.build());
  }

  @Test
  void a_build_that_never_was_is_not_found() {
    Cli.Ran ran = Cli.run("show", BuildId.next().toString());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("no build");
  }

  @Test
  void doctor_finds_the_broker_and_the_store() {
    assertThat(Cli.run("doctor").out()).containsPattern("ok +kafka").containsPattern("ok +s3");
  }

  /** Everything that the services publish of a build that succeeds. */
  private static void publishAll(Event<BuildRequested> request) throws Exception {
    String workload = request.data().workload();
    BaseImage image =
        new BaseImage(
            1,
            "FROM",
            "alpine:3.20",
            "harbor.example/p/library/alpine:3.20",
            "rewritten",
            Optional.empty());
    publish(request);
    publish(checkedOut(request));
    publish(
        request.next(
            "dockerfile-rewriter",
            new DockerfileRewritten(
                workload,
                "api",
                SampleEvents.plan("api"),
                input(request),
                List.of(image),
                Optional.empty(),
                List.of(new Warning(12, "copy-link", "it is \u001b[31mcopied\nas a link")))));
    publish(request.next("build-submitter", new BuildLog(workload, "api", 1, List.of("hello"))));
    publish(
        request.next(
            "artifact-pusher",
            new ImagePushed(
                workload,
                "api",
                "localhost:5000/" + workload + "/api:1",
                List.of("1"),
                DIGEST,
                10,
                1,
                0,
                0)));
    publish(request.next("artifact-pusher", succeeded(workload)));
  }

  private static BuildFinished succeeded(String workload) {
    return BuildFinished.succeeded(
        workload,
        "1",
        "artifact-pusher",
        List.of(
            new BuildFinished.FinishedImage(
                "api", "localhost:5000/" + workload + "/api:1", DIGEST)));
  }

  private static <T extends EventData> void publish(Event<T> event) throws Exception {
    services.send(new CloudEvents(TOPICS).encode(event)).get();
  }

  /** The request that the command line has published for a workload. */
  private static Event<BuildRequested> await(String workload) throws Exception {
    try (EventReader reader =
        EventReader.since(
            new KafkaAccess(UserSettings.ofUser()),
            Instant.now().minus(Duration.ofMinutes(1)),
            EventType.BUILD_REQUESTED)) {
      List<Event<BuildRequested>> found = new ArrayList<>();
      reader.follow(
          Instant.now().plus(Duration.ofMinutes(1)),
          event -> {
            if (event.data() instanceof BuildRequested request
                && request.workload().equals(workload)) {
              found.add(
                  new Event<>(
                      event.build(),
                      event.time(),
                      event.source(),
                      event.traceparent(),
                      event.rebuildOf(),
                      request));
            }
            return found.isEmpty();
          },
          () -> {});
      return found.get(0);
    }
  }

  private static ConsumerRecord<String, String> request(String build) {
    String topic = TOPICS.of(EventType.BUILD_REQUESTED);
    try (Watcher watcher = new Watcher(TestKafka.bootstrapServers(), List.of(topic))) {
      return watcher.await(record -> build.equals(record.key()), Duration.ofMinutes(1));
    }
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
