package io.tarkiln.kaniko.argo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.access.RunAccess;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.testkit.Polling;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a run gets of S3: its own objects and nothing else, from its turn to its end. */
@Tag("server")
class RunSecretsTest {
  @RegisterExtension static final ArgoFixture lab = new ArgoFixture();

  private final RunEndRecorder published = new RunEndRecorder();
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void may_read_its_source_and_dockerfile_and_write_its_tar_without_an_account() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.store().write(run.input().sourceKey(), "source".getBytes());
    lab.store().write(run.input().dockerfileKey(), "FROM scratch".getBytes());
    lab.engine(published).submit(run);
    lab.begin(run);

    Map<String, String> given = secret(run.name());

    assertThat(given).containsOnlyKeys("source", "dockerfile", "image");
    assertThat(get(given.get("source"))).isEqualTo("source");
    assertThat(get(given.get("dockerfile"))).isEqualTo("FROM scratch");
    assertThat(put(given.get("image"))).isEqualTo(200);
    assertThat(lab.store().read(run.imageTarKey()).orElseThrow()).isEqualTo(ArgoFixture.TAR);
  }

  @Test
  void may_do_at_registries_what_it_is_given_also_after_another_process_took_over()
      throws Exception {
    AtomicInteger issued = new AtomicInteger();
    lab.give(
        run ->
            new RunAccess(
                new TreeMap<>(),
                Optional.of(Duration.ofMinutes(5)),
                false,
                List.of("issued " + issued.incrementAndGet())));
    ArgoSettings settings = lab.settings(Duration.ofSeconds(2));
    KanikoRun run = ArgoFixture.run();
    ArgoEngine killed = lab.engine(settings, published);
    killed.submit(run);
    lab.begin(run);

    assertThat(secret(run.name())).containsKeys("no-push-cache", "image");
    assertThat(secret(run.name()).get("notes")).isEqualTo("[tarkiln] issued 1\n");
    killed.stop();

    lab.engine(settings, published);

    Polling.until(() -> secret(run.name()).get("notes").equals("[tarkiln] issued 2\n"));
  }

  @Test
  void waits_for_its_turn_while_no_token_is_to_be_had() throws Exception {
    AtomicBoolean isAway = new AtomicBoolean(true);
    lab.give(
        run -> {
          if (isAway.get()) {
            throw new UnavailableException("the token service is away");
          }
          return RunAccess.NOTHING;
        });
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);
    Polling.until(() -> lab.controller().workflows().size() == 1);
    assertThat(secrets()).doesNotContain(run.name());

    isAway.set(false);

    lab.begin(run);
    assertThat(secret(run.name())).containsKey("image");
  }

  @Test
  void may_do_nothing_else() throws Exception {
    KanikoRun run = ArgoFixture.run();
    KanikoRun other = ArgoFixture.run();
    lab.store().write(run.input().sourceKey(), "source".getBytes());
    lab.store().write(other.imageTarKey(), "other".getBytes());
    lab.engine(published).submit(run);
    lab.begin(run);
    Map<String, String> given = secret(run.name());
    String foreign = given.get("image").replace(run.imageTarKey(), other.imageTarKey());
    assertThat(foreign).isNotEqualTo(given.get("image"));

    assertThat(put(foreign)).isEqualTo(403);
    assertThat(put(given.get("source"))).isEqualTo(403);
    assertThat(status(given.get("image"))).isEqualTo(403);
    assertThat(status(given.get("source").replace(run.input().sourceKey(), other.imageTarKey())))
        .isEqualTo(403);
    assertThat(lab.store().read(other.imageTarKey()).orElseThrow()).isEqualTo("other".getBytes());
    assertThat(get(given.get("source"))).isEqualTo("source");
  }

  @Test
  void gets_it_when_its_turn_comes_and_in_no_workflow() throws Exception {
    KanikoRun first = ArgoFixture.run();
    KanikoRun waiting = ArgoFixture.run();
    ArgoEngine engine = lab.engine(lab.settings(1, 1), published);
    engine.submit(first);
    lab.begin(first);
    engine.submit(waiting);
    Polling.until(() -> lab.controller().workflows().size() == 2);

    assertThat(secrets()).contains(first.name()).doesNotContain(waiting.name());
    assertThat(lab.controller().workflows().toString())
        .contains(first.name())
        .doesNotContainIgnoringCase("x-amz");
    JsonObject owner =
        read(first.name())
            .getAsJsonObject("metadata")
            .getAsJsonArray("ownerReferences")
            .get(0)
            .getAsJsonObject();
    assertThat(owner.get("kind").getAsString()).isEqualTo("Workflow");
    assertThat(owner.get("uid").getAsString())
        .isEqualTo(lab.controller().workflow(first.name()).uid());
  }

  @Test
  void has_nothing_any_more_when_its_end_is_published() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);
    String pod = lab.begin(run);
    lab.store().write(run.imageTarKey(), ArgoFixture.TAR);
    assertThat(secret(run.name())).isNotEmpty();

    lab.controller().end(run.name(), pod, "Succeeded", "", "");

    Polling.until(() -> lab.controller().workflow(run.name()).isSettled());
    assertThat(secret(run.name())).isEmpty();
  }

  @Test
  void gets_it_anew_from_whoever_looks_after_it_next() throws Exception {
    ArgoSettings settings = lab.settings(Duration.ofSeconds(2));
    KanikoRun run = ArgoFixture.run();
    ArgoEngine killed = lab.engine(settings, published);
    killed.submit(run);
    lab.begin(run);
    lab.api().send("DELETE", path(run.name()), "application/json", new byte[0]);
    assertThat(secrets()).doesNotContain(run.name());
    killed.stop();

    lab.engine(settings, published);

    Polling.until(() -> secrets().contains(run.name()));
    assertThat(secret(run.name())).containsKey("image");
  }

  @Test
  void cannot_be_read_with_the_rights_of_whoever_writes_it() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);
    lab.begin(run);

    for (String verb : new String[] {"get", "list", "watch", "patch", "delete"}) {
      String answer =
          lab.api()
              .send(
                  "POST",
                  "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                  "application/json",
                  """
                  {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
                   "spec": {"user": "system:serviceaccount:%s:tarkiln-build-submitter",
                    "resourceAttributes": {"namespace": "%s", "resource": "secrets", "verb": "%s"}}}
                  """
                      .formatted(ArgoFixture.NAMESPACE, ArgoFixture.NAMESPACE, verb)
                      .getBytes());
      assertThat(
              JsonParser.parseString(answer)
                  .getAsJsonObject()
                  .getAsJsonObject("status")
                  .get("allowed")
                  .getAsBoolean())
          .as(verb)
          .isFalse();
    }
  }

  private static String path(String name) {
    return "/api/v1/namespaces/%s/secrets/%s".formatted(ArgoFixture.NAMESPACE, name);
  }

  private static String secrets() throws IOException {
    return lab.api()
        .send(
            "GET",
            "/api/v1/namespaces/%s/secrets".formatted(ArgoFixture.NAMESPACE),
            "application/json",
            new byte[0]);
  }

  private static JsonObject read(String name) throws IOException {
    String json = lab.api().send("GET", path(name), "application/json", new byte[0]);
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private static Map<String, String> secret(String name) throws IOException {
    JsonObject secret = read(name);
    Map<String, String> data = new HashMap<>();
    if (secret.has("data")) {
      for (Map.Entry<String, JsonElement> each : secret.getAsJsonObject("data").entrySet()) {
        data.put(
            each.getKey(), new String(Base64.getDecoder().decode(each.getValue().getAsString())));
      }
    }
    return data;
  }

  private String get(String address) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .body();
  }

  private int status(String address) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private int put(String address) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(address))
                .PUT(BodyPublishers.ofByteArray(ArgoFixture.TAR))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}
