package io.tarkiln.kaniko.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.event.BaseImage;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.SampleRuns;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.TokenService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class TokenAccessIssuerTest {
  private static final String PASSWORD = "the-account-for-builds";

  @TempDir private Path folder;
  private TokenService tokens;
  private RegistryServer registry;

  @BeforeEach
  void start() throws Exception {
    tokens = new TokenService("builds", PASSWORD, (name, action) -> true);
    registry = tokens.registry(folder.resolve("registry"), "127.0.0.1");
  }

  @AfterEach
  void stop() {
    registry.close();
    tokens.close();
  }

  @Test
  void asks_for_the_cache_and_the_base_images_in_one_token() throws Exception {
    RunAccess access =
        issuer(Map.of())
            .issue(
                run(
                    "api",
                    base("proxy/library/alpine:3", "rewritten"),
                    base("proxy/library/busybox@sha256:" + "ab".repeat(32), "already-proxied"),
                    new BaseImage(3, "COPY --from", "build", "build", "stage", Optional.empty())));

    assertThat(tokens.seen()).hasSize(1);
    assertThat(TokenService.scopes(tokens.seen().get(0)))
        .containsExactlyInAnyOrder(
            "repository:caches/kaniko-cache/shop-api:pull,push",
            "repository:proxy/library/alpine:pull",
            "repository:proxy/library/busybox:pull");
    assertThat(access.pushesCache()).isTrue();
    assertThat(access.lifetime()).contains(Duration.ofMinutes(5));
    assertThat(access.notes()).isEmpty();
    assertThat(access.files().keySet()).containsExactly("config.json");
    assertThat(access.files().get("config.json"))
        .contains(registry.address(), "\"registrytoken\"")
        .doesNotContain(PASSWORD, "\"auth\"");
  }

  @Test
  void the_token_is_good_for_that_and_nothing_else() throws Exception {
    String token = token(issuer(Map.of()).issue(run("api", base("proxy/alpine:3", "rewritten"))));

    assertThat(startsUpload(token, "caches/kaniko-cache/shop-api")).isEqualTo(202);
    assertThat(startsUpload(token, "caches/kaniko-cache/shop-web")).isEqualTo(401);
    assertThat(startsUpload(token, "proxy/alpine")).isEqualTo(401);
    assertThat(startsUpload(token, "shop/api")).isEqualTo(401);
    assertThat(get(token, "caches/kaniko-cache/shop-web/tags/list")).isEqualTo(401);
    assertThat(get(token, "_catalog")).isEqualTo(401);
    assertThat(get(token, "proxy/alpine/tags/list")).isEqualTo(404);
  }

  @Test
  void asks_for_no_layers_of_other_services_that_a_dockerfile_names() throws Exception {
    issuer(Map.of()).issue(run("api", base("caches/kaniko-cache/pay-api:x", "unmapped")));

    assertThat(TokenService.scopes(tokens.seen().get(0)))
        .containsExactly("repository:caches/kaniko-cache/shop-api:pull,push");
  }

  @Test
  void keeps_no_layers_where_the_account_may_not() throws Exception {
    stop();
    tokens = new TokenService("builds", PASSWORD, (name, action) -> action.equals("pull"));
    registry = tokens.registry(folder.resolve("other"), "127.0.0.1");

    RunAccess access = issuer(Map.of()).issue(run("api"));

    assertThat(access.pushesCache()).isFalse();
    assertThat(access.notes())
        .singleElement()
        .asString()
        .contains("may not push to the layer cache");
    assertThat(access.files().keySet()).containsExactly("config.json", "no-push-cache", "notes");
  }

  @Test
  void hands_over_no_token_that_is_good_for_more() throws Exception {
    tokens.beGenerous();

    RunAccess access = issuer(Map.of()).issue(run("api"));

    assertThat(access.logins()).isEmpty();
    assertThat(access.pushesCache()).isFalse();
    assertThat(access.notes()).singleElement().asString().contains("cannot limit a token");
  }

  @Test
  void hands_over_no_token_that_may_be_the_account_itself() throws Exception {
    try (ScriptedServer opaque =
        new ScriptedServer(
            request ->
                request.uri().startsWith("/token")
                    ? Answer.of(200).saying("{\"token\":\"YWNjb3VudDpzZWNyZXQ=\"}")
                    : Answer.of(401)
                        .with(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://%s/token\"".formatted(header(request))))) {
      RunAccess access = issuer(opaque.address(), Map.of()).issue(run("api"));

      assertThat(access.logins()).isEmpty();
      assertThat(access.pushesCache()).isFalse();
    }
  }

  private static String header(ScriptedServer.Seen request) {
    return request.header("Host").orElseThrow();
  }

  @Test
  void gives_the_account_to_builds_only_where_the_operator_says_so() throws Exception {
    try (ScriptedServer basic =
        new ScriptedServer(
            request -> Answer.of(401).with("WWW-Authenticate", "Basic realm=\"x\""))) {
      RunAccess without = issuer(basic.address(), Map.of()).issue(run("api"));
      RunAccess with =
          issuer(basic.address(), Map.of("TARKILN_ACCOUNTS_IN_BUILDS", "true")).issue(run("api"));

      assertThat(without.logins()).isEmpty();
      assertThat(without.pushesCache()).isFalse();
      assertThat(without.notes())
          .singleElement()
          .asString()
          .contains(basic.address(), "TARKILN_ACCOUNTS_IN_BUILDS");
      assertThat(with.files().get("config.json")).contains("\"auth\"");
      assertThat(with.pushesCache()).isTrue();
      assertThat(with.notes()).isEmpty();
    }
  }

  @Test
  void leaves_registries_alone_that_there_is_no_account_for() throws Exception {
    RunAccess access =
        issuer("harbor.example.com", Map.of("TARKILN_CACHE_REPO", registry.address()))
            .issue(run("api"));

    assertThat(access.files()).isEmpty();
    assertThat(tokens.seen()).isEmpty();
  }

  @Test
  void a_build_of_another_than_the_protected_revisions_takes_layers_and_leaves_none()
      throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            rules:
              - {workloads: shop, repositories: "**", images: "**", protected: refs/heads/main, reserved: latest}
            """);

    RunAccess access = issuer(Map.of(Policies.VARIABLE, policy.toString())).issue(run("api"));

    assertThat(TokenService.scopes(tokens.seen().get(0)))
        .containsExactly("repository:caches/kaniko-cache/shop-api:pull");
    assertThat(access.pushesCache()).isFalse();
    assertThat(startsUpload(token(access), "caches/kaniko-cache/shop-api")).isEqualTo(401);
  }

  @Test
  void a_wrong_password_is_said_to_be_one() throws Exception {
    AccessIssuer issuer = issuer(Map.of());
    write(registry.address(), "wrong");

    RejectedException refused =
        catchThrowableOfType(RejectedException.class, () -> issuer.issue(run("api")));

    assertThat(refused.reason()).isEqualTo(Reason.AUTHENTICATION_REFUSED);
    assertThat(refused)
        .hasMessageContaining("TARKILN_KANIKO_DOCKER_CONFIG")
        .hasMessageContaining("'builds'")
        .hasMessageNotContaining("wrong");
  }

  private AccessIssuer issuer(Map<String, String> more) throws Exception {
    return issuer(registry.address(), more);
  }

  private AccessIssuer issuer(String host, Map<String, String> more) throws Exception {
    Map<String, String> variables = new HashMap<>();
    variables.put("TARKILN_KANIKO_DOCKER_CONFIG", write(host, PASSWORD).toString());
    variables.put("TARKILN_CACHE_REPO", host + "/caches");
    variables.put("TARKILN_PLAIN_HTTP_REGISTRIES", host + "," + registry.address());
    variables.putAll(more);
    return TokenAccessIssuer.of(Settings.of(variables));
  }

  private Path write(String host, String password) throws Exception {
    TestRegistry.settings(host, folder, "builds", password);
    return folder.resolve("config.json");
  }

  private BaseImage base(String name, String why) {
    String full = registry.address() + "/" + name;
    return new BaseImage(1, "FROM", full, full, why, Optional.empty());
  }

  private static KanikoRun run(String service, BaseImage... bases) {
    BuildId build = BuildId.next();
    KanikoRun plain =
        SampleRuns.of(
            build,
            service,
            SampleRuns.input(build, "sources/shop/x.tar.gz", Map.of(), Optional.empty()),
            true,
            true);
    DockerfileRewritten data = plain.event().data();
    return new KanikoRun(
        Event.first(
            build,
            "dockerfile-rewriter",
            new DockerfileRewritten(
                data.workload(),
                data.service(),
                data.plan(),
                data.input(),
                Stream.of(bases).toList(),
                Optional.empty())));
  }

  private String token(RunAccess access) {
    return access.logins().get(registry.address()).value();
  }

  private int startsUpload(String token, String repository) throws Exception {
    return status(
        token,
        HttpRequest.newBuilder(uri(repository + "/blobs/uploads/"))
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private int get(String token, String path) throws Exception {
    return status(token, HttpRequest.newBuilder(uri(path)));
  }

  private URI uri(String path) {
    return URI.create("http://" + registry.address() + "/v2/" + path);
  }

  private static int status(String token, HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            request.header("Authorization", "Bearer " + token).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
