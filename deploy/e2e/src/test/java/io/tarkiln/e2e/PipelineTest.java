package io.tarkiln.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.BuildId;
import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.RequestProducer;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import io.tarkiln.testkit.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Builds through the whole pipeline: real Kafka, S3, registry, git and Kaniko. */
@Tag("e2e")
class PipelineTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final List<String> TOPICS =
      Stream.of(
              "build-requested",
              "source-checked-out",
              "dockerfile-rewritten",
              "build-submitted",
              "build-log",
              "image-built",
              "image-pushed",
              "build-finished",
              "dead-letter")
          .map(name -> "tarkiln." + name)
          .toList();
  private static final String DOCKERFILE =
      """
      ARG BASE=alpine:3.20
      FROM ${BASE} AS build
      ARG GREETING=nobody
      RUN echo "hello $GREETING" > /greeting.txt
      COPY message.txt /message.txt
      FROM alpine:3.20
      COPY --from=build /greeting.txt /message.txt /
      """;

  @TempDir static Path folder;
  @RegisterExtension static final Stack stack = Stack.ofClass();

  @Test
  void a_plain_record_becomes_images_that_a_plain_consumer_sees() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("shop"))
            .file("services/api/Dockerfile", DOCKERFILE)
            .file("services/api/message.txt", "from api\n")
            .file("services/web/Dockerfile", DOCKERFILE)
            .file("services/web/message.txt", "from web\n");
    String commit = repository.commit();
    BuildId build = BuildId.next();

    publish(
        build,
        """
        {"workload": "shop", "tag": "1.4.0", "extraTags": ["latest"],
         "source": {"repository": "%s", "revision": "main"},
         "services": [
           {"name": "api", "context": "services/api", "buildArgs": {"GREETING": "$(id) 'a\\" b"}},
           {"name": "web", "context": "services/web"}],
         "some-later-field": 1}
        """
            .formatted(repository.url()));

    try (Watcher watcher = new Watcher(stack.kafka(), TOPICS)) {
      JsonNode finished = finished(watcher, build);
      assertThat(finished.get("outcome").asText()).as(finished.toString()).isEqualTo("succeeded");

      ImagePuller registry = new ImagePuller(stack.registry());
      for (String service : List.of("api", "web")) {
        JsonNode pushed = only(watcher, "image-pushed", build, "/" + service);
        assertThat(pushed.get("image").asText())
            .isEqualTo(stack.registry() + "/shop/" + service + ":1.4.0");
        String digest = pushed.get("digest").asText();
        assertThat(registry.manifest("shop/" + service, digest)).isPresent();
        assertThat(registry.manifest("shop/" + service, "latest"))
            .isEqualTo(registry.manifest("shop/" + service, digest));
        assertThat(registry.file("shop/" + service, "1.4.0", "message.txt"))
            .contains("from " + service + "\n");
      }
      assertThat(registry.file("shop/api", "1.4.0", "greeting.txt"))
          .contains("hello $(id) 'a\" b\n");

      JsonNode rewritten = only(watcher, "dockerfile-rewritten", build, "/api");
      assertThat(rewritten.at("/plan/commit").asText()).isEqualTo(commit);
      assertThat(rewritten.at("/baseImages/0/after").asText())
          .isEqualTo(stack.registry() + "/dockerhub-proxy/library/alpine:3.20");
      assertThat(watcher.all("tarkiln.dead-letter", build.toString())).isEmpty();
    }
  }

  @Test
  void hard_forms_of_names_build_and_come_from_the_proxy() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("hard"))
            .file(
                "Dockerfile",
                """
                # escape=`
                ARG VERSION="3.20"
                ARG BASE=${NOTHING:-alpine}:${VERSION%.*}.20
                from `
                  # a comment in between
                  ${BASE} as Tools
                RUN echo `
                  FROM nowhere:1 > /text.txt

                FROM "busybox:1.36" AS alpine
                RUN echo shadowed > /shadow.txt
                FROM docker.io/library/alpine:3.20
                COPY --from=tools /text.txt /text.txt
                COPY --from=alpine /shadow.txt /shadow.txt
                COPY --from=b"usybox":1.36 /bin/sh /sh-of-busybox
                """
                    .replace("\n", "\r\n"))
            .committed();

    Program.Ended ran = stack.build("hard", repository.url(), "-o", "json");

    assertThat(ran.exit()).as(ran.err()).isZero();
    JsonNode build = new ObjectMapper().readTree(ran.out());
    JsonNode service = build.at("/services/0");
    assertThat(service.get("baseImages"))
        .filteredOn(image -> image.get("why").asText().equals("rewritten"))
        .hasSize(4)
        .allSatisfy(
            image ->
                assertThat(image.get("after").asText())
                    .startsWith(stack.registry() + "/dockerhub-proxy/library/"));
    String log = stack.tarkiln("logs", build.get("build").asText()).out();
    assertThat(Pattern.compile("Retrieving image (?:manifest )?(\\S+)").matcher(log).results())
        .as("what Kaniko pulled: " + log)
        .extracting(pulled -> pulled.group(1))
        .isNotEmpty()
        .allSatisfy(
            image -> assertThat(image).startsWith(stack.registry() + "/dockerhub-proxy/library/"));
    ImagePuller registry = new ImagePuller(stack.registry());
    assertThat(registry.file("hard/app", "1", "text.txt")).isPresent();
    assertThat(registry.file("hard/app", "1", "shadow.txt")).isPresent();
    assertThat(registry.file("hard/app", "1", "sh-of-busybox")).isPresent();
  }

  @Test
  void a_tar_in_s3_is_pushed_by_hand_under_another_name() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("plain"))
            .file("Dockerfile", "FROM alpine:3.20\nCOPY Dockerfile /copied\n")
            .committed();
    Program.Ended built = stack.build("plain", repository.url(), "-o", "json");
    assertThat(built.exit()).as(built.err()).isZero();
    String build = new ObjectMapper().readTree(built.out()).get("build").asText();
    String tar = "s3://tarkiln/builds/" + build + "/app/image.tar";

    Program.Ended pushed =
        stack.tarkiln("push", tar, stack.registry() + "/copies/app:2", "--plain-http");

    assertThat(pushed.exit()).as(pushed.err()).isZero();
    assertThat(pushed.out()).contains(stack.registry() + "/copies/app:2@sha256:");
    assertThat(new ImagePuller(stack.registry()).file("copies/app", "2", "copied")).isPresent();
  }

  @Test
  void a_record_that_is_no_event_is_put_aside_and_the_partition_moves_on() throws Exception {
    BuildId broken = BuildId.next();

    publish(broken, "{\"workload\": 1");

    try (Watcher watcher = new Watcher(stack.kafka(), TOPICS)) {
      ConsumerRecord<String, String> letter = watcher.await("tarkiln.dead-letter", broken, LIMIT);
      assertThat(letter.value()).isEqualTo("{\"workload\": 1");
      assertThat(header(letter, "dead-letter-topic")).isEqualTo("tarkiln.build-requested");
      assertThat(header(letter, "ce_id")).isEqualTo(broken + "/build-requested");
    }
  }

  @Test
  void a_run_that_fails_is_announced_with_stage_service_reason_and_log() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("broken"))
            .file("Dockerfile", "FROM alpine:3.20\nRUN echo about to fail && exit 7\n")
            .committed();

    Program.Ended ran = stack.build("broken", repository.url(), "--revision", "main");

    assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out() + ran.err())
        .contains("build-submitter", "app", "build-failed", "about to fail")
        .doesNotContain("\tat ");
    assertThat(new ImagePuller(stack.registry()).manifest("broken/app", "1")).isEmpty();
  }

  @Test
  void a_revision_that_is_not_there_is_refused_in_one_sentence() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("small")).file("Dockerfile", "FROM scratch\n").committed();

    Program.Ended ran = stack.build("small", repository.url(), "--revision", "no-such-branch");

    assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out() + ran.err())
        .contains("no-such-revision", "no-such-branch", repository.url())
        .doesNotContain("\tat ");
  }

  private static void publish(BuildId build, String json) throws Exception {
    RequestProducer.publish(stack.kafka(), "tarkiln.build-requested", build, json);
  }

  private static JsonNode finished(Watcher watcher, BuildId build) throws Exception {
    return new ObjectMapper()
        .readTree(watcher.await("tarkiln.build-finished", build, LIMIT).value());
  }

  /** The one record of a topic of this fact. */
  private static JsonNode only(Watcher watcher, String topic, BuildId build, String suffix)
      throws Exception {
    List<ConsumerRecord<String, String>> records =
        watcher.all("tarkiln." + topic, build.toString()).stream()
            .filter(record -> header(record, "ce_id").equals(build + "/" + topic + suffix))
            .toList();
    assertThat(records).as("%s of %s%s", topic, build, suffix).hasSize(1);
    return new ObjectMapper().readTree(records.get(0).value());
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
