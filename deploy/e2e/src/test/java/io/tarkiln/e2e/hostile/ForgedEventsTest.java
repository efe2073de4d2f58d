package io.tarkiln.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tarkiln.build.BuildId;
import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever may write one topic, or all of them, reaches no more by it than builds of his own. The
 * shop has a build that has ended and one that is under way; evil has one under way, too, as
 * everybody may who has a workload. Of those under way service {@code web} is built, and {@code
 * app} never ends.
 */
@Tag("e2e")
class ForgedEventsTest {
  private static final String TAG = "1";
  private static final String QUICK = "FROM alpine:3.20\nCOPY secret.txt /secret.txt\n";
  private static final String ENDLESS = "FROM alpine:3.20\nRUN echo begun && sleep 3600\n";

  @TempDir static Path folder;
  private static Stack stack;
  private static Forger forger;
  private static BuildId ended;
  private static BuildId running;
  private static BuildId evil;
  private static String shopRepository;

  @BeforeAll
  static void up() throws Exception {
    stack = Stack.up(folder.resolve("state"), Map.of("TARKILN_CONCURRENT_BUILDS", "6"), "0");
    forger = new Forger(stack.kafka());
    shopRepository = repository("shop", QUICK);
    ended = ask("shop", shopRepository, "", BuildId.next());
    running = ask("shop", repository("long", ENDLESS), "", BuildId.next());
    evil = ask("evil", repository("evil", ENDLESS), "", BuildId.next());
    assertThat(forger.outcome(ended)).isEqualTo("succeeded");
    forger.awaitLog(running, "begun");
    forger.awaitLog(evil, "begun");
  }

  /** After all of it those builds are under way as if nothing had been. */
  @AfterAll
  static void down() throws Exception {
    try {
      for (BuildId build : new BuildId[] {running, evil}) {
        assertThat(forger.told("build-finished", build)).as("ends of %s", build).isZero();
        assertThat(stack.tarkiln("cancel", build.toString()).exit()).isZero();
        forger.awaitLog(build, "the build was cancelled");
        assertThat(forger.outcome(build)).isEqualTo("cancelled");
      }
      assertThat(forger.told("build-finished", ended)).isEqualTo(1);
    } finally {
      forger.close();
      assertThat(stack.stop()).isZero();
    }
  }

  @Test
  void an_image_of_anothers_tar_is_not_pushed() throws Exception {
    ObjectNode image = image(evil, "app", "builds/" + ended + "/app/image.tar");

    assertThat(forger.refused("image-built", evil, image)).startsWith("foreign-key: imageTarKey");

    assertNothingIsPushed("evil");
  }

  @Test
  void an_image_of_a_build_that_nobody_asked_for_is_not_pushed() throws Exception {
    ObjectNode image = image(evil, "app", "builds/" + ended + "/app/image.tar");

    assertThat(forger.refused("image-built", BuildId.next(), image)).startsWith("unknown-build: ");

    assertNothingIsPushed("evil");
  }

  @Test
  void an_image_of_an_ended_build_is_not_pushed_for_another_workload() throws Exception {
    ObjectNode image =
        image(ended, "app", "builds/" + ended + "/app/image.tar").put("workload", "evil");

    assertThat(forger.refused("image-built", ended, image)).startsWith("not-as-requested: ");

    assertNothingIsPushed("evil");
  }

  @Test
  void an_image_that_is_not_built_yet_does_not_end_the_build() throws Exception {
    ObjectNode image = image(running, "app", "builds/" + running + "/app/image.tar");

    assertThat(forger.refused("image-built", running, image)).startsWith("not-yet-true: ");
  }

  @ParameterizedTest
  @CsvSource({"retagFrom,latest", "retagFrom,1", "unchanged,DIGEST"})
  void an_image_from_elsewhere_than_was_asked_for_is_not_released(String field, String value)
      throws Exception {
    ObjectNode image = image(running, "app", "");
    image.remove("imageTarKey");
    image.put(field, value.replace("DIGEST", digest("shop")));

    assertThat(forger.refused("image-built", running, image)).startsWith("not-as-requested: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../shop/app:1", "shop/app", "DIGEST"})
  void an_image_of_another_workload_is_not_tagged_again(String reference) throws Exception {
    ObjectNode request = request("evil", shopRepository, "");
    ((ObjectNode) request.at("/services/0"))
        .put("retagFrom", reference.replace("DIGEST", digest("shop")));
    BuildId build = BuildId.next();

    forger.publish("build-requested", build, request.toString());

    assertThat(forger.outcome(build)).isEqualTo("failed");
    assertNothingIsPushed("evil");
  }

  @ParameterizedTest
  @CsvSource({"source-checked-out", "dockerfile-rewritten"})
  void sources_of_another_workload_do_not_enter_a_build(String type) throws Exception {
    ObjectNode forged = forger.data(type, evil, "web");
    String source = forger.data("source-checked-out", ended, "web").at("/input/sourceKey").asText();
    input(forged).put("sourceKey", source);

    assertThat(forger.refused(type, evil, forged)).startsWith("foreign-key: sourceKey");
    BuildId unknown = BuildId.next();
    assertThat(forger.refused(type, unknown, forged)).startsWith("unknown-build: ");
    assertThat(forger.told("build-submitted", unknown)).isZero();
  }

  @Test
  void sources_of_another_build_of_the_workload_do_not_enter_a_build() throws Exception {
    ObjectNode forged = forger.data("source-checked-out", running, "web");
    String source = forger.data("source-checked-out", ended, "web").at("/input/sourceKey").asText();
    assertThat(source)
        .startsWith("sources/shop/")
        .isNotEqualTo(input(forged).path("sourceKey").asText());
    input(forged).put("sourceKey", source);

    assertThat(forger.refused("source-checked-out", running, forged)).startsWith("foreign-key: ");
  }

  @ParameterizedTest
  @CsvSource({
    "source-checked-out,Dockerfile",
    "source-checked-out,image.tar",
    "dockerfile-rewritten,Dockerfile.rewritten"
  })
  void a_dockerfile_of_another_build_does_not_enter_a_build(String type, String object)
      throws Exception {
    ObjectNode forged = forger.data(type, evil, "web");
    input(forged).put("dockerfileKey", "builds/" + ended + "/app/" + object);

    assertThat(forger.refused(type, evil, forged)).startsWith("foreign-key: dockerfileKey");
  }

  @ParameterizedTest
  @CsvSource({
    "/plan/tag,latest",
    "/plan/repository,https://git.example.com/acme/shop.git",
    "/plan/revision,refs/heads/evil",
    "/plan/commit,4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a",
    "/input/target,evil",
    "/input/context,secrets",
    "/workload,evil",
    "/service,other"
  })
  void an_event_that_says_otherwise_than_the_request_is_put_aside(String pointer, String value)
      throws Exception {
    for (String type : new String[] {"source-checked-out", "dockerfile-rewritten"}) {
      ObjectNode forged = forger.data(type, running, "web");
      int last = pointer.lastIndexOf('/');
      ((ObjectNode) forged.at(pointer.substring(0, last))).put(pointer.substring(last + 1), value);

      assertThat(forger.refused(type, running, forged)).as(type).startsWith("not-as-requested: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "ended"})
  void a_request_with_anothers_build_id_changes_nothing(String which) throws Exception {
    BuildId build = which.equals("running") ? running : ended;
    for (String workload : new String[] {"evil", "shop"}) {
      ObjectNode request = request(workload, shopRepository, "").put("tag", "2");

      assertThat(forger.refused("build-requested", build, request))
          .startsWith("duplicate-build-id: ");
    }
    ObjectNode bad = request("evil", shopRepository, "").put("tag", "no tag");
    assertThat(forger.refused("build-requested", build, bad)).startsWith("duplicate-build-id: ");
    assertThat(new ImagePuller(stack.registry()).manifest("shop/app", "2")).isEmpty();
  }

  @Test
  void a_build_id_of_tomorrow_ends_no_build_of_its_concurrency_key() throws Exception {
    BuildId tomorrow = BuildId.at(Instant.now().plus(Duration.ofDays(1)));
    ObjectNode request = request("shop", shopRepository, "main");

    assertThat(forger.refused("build-requested", tomorrow, request)).startsWith("build-id-ahead: ");

    BuildId honest = ask("shop", shopRepository, "main", BuildId.next());
    assertThat(forger.outcome(honest)).isEqualTo("succeeded");
    assertThat(forger.told("build-finished", tomorrow)).isZero();
  }

  @Test
  void a_build_id_of_last_year_is_put_aside() throws Exception {
    BuildId old = BuildId.at(Instant.now().minus(Duration.ofDays(365)));

    assertThat(forger.refused("build-requested", old, request("shop", shopRepository, "")))
        .startsWith("build-id-too-old: ");

    assertThat(forger.told("build-finished", old)).isZero();
  }

  @Test
  void an_end_that_somebody_only_tells_stops_no_run() throws Exception {
    String repository =
        repository("slow", "FROM alpine:3.20\nRUN echo begun && sleep 8 && echo > /done\n");
    BuildId build = ask("slow", repository, "", BuildId.next());
    forger.awaitLog(build, "begun");

    forger.publish(
        "build-finished",
        build,
        "{\"workload\": \"slow\", \"tag\": \"1\", \"outcome\": \"cancelled\", \"stage\": \"x\"}");

    assertThat(forger.outcome(build)).isEqualTo("succeeded");
    assertThat(new ImagePuller(stack.registry()).file("slow/app", TAG, "done")).isPresent();
  }

  private static void assertNothingIsPushed(String workload) throws Exception {
    ImagePuller registry = new ImagePuller(stack.registry());
    assertThat(registry.manifest(workload + "/app", TAG)).isEmpty();
    assertThat(registry.manifest(workload + "/app", digest("shop"))).isEmpty();
  }

  /** Of the image that the shop has released. */
  private static String digest(String workload) throws Exception {
    ObjectNode pushed = forger.data("image-pushed", ended, "app");
    assertThat(pushed.get("workload").asText()).isEqualTo(workload);
    return pushed.get("digest").asText();
  }

  /** As build-submitter would tell it of the build, but for the key. */
  private static ObjectNode image(BuildId build, String service, String key) throws Exception {
    ObjectNode image = forger.data("dockerfile-rewritten", build, service);
    image.remove("input");
    image.put("imageTarKey", key);
    return image.put("sizeBytes", 1);
  }

  private static ObjectNode input(ObjectNode event) {
    return (ObjectNode) event.get("input");
  }

  private static BuildId ask(String workload, String repository, String key, BuildId build)
      throws Exception {
    forger.publish("build-requested", build, request(workload, repository, key).toString());
    return build;
  }

  private static ObjectNode request(String workload, String repository, String key)
      throws Exception {
    return Forger.tree(
        """
        {"workload": "%s", "tag": "%s", "source": {"repository": "%s", "revision": "main"},
         "services": [{"name": "app"}, {"name": "web", "context": "web"}], "concurrency": "%s"}
        """
            .formatted(workload, TAG, repository, key));
  }

  private static String repository(String name, String dockerfile) throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve(name))
            .file("Dockerfile", dockerfile)
            .file("secret.txt", "of " + name + "\n")
            .file("web/Dockerfile", QUICK)
            .file("web/secret.txt", "of the web of " + name + "\n");
    repository.commit();
    return repository.url();
  }
}
