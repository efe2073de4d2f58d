package io.tarkiln.e2e.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.BuildId;
import io.tarkiln.e2e.stack.RequestProducer;
import io.tarkiln.e2e.stack.SeparateServices;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.TestKafka;
import io.tarkiln.testkit.TokenService;
import io.tarkiln.testkit.Watcher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds that print the login which Kaniko has at the registry, and whoever reads it and tries what
 * it is good for. The account of build-submitter may do all of it.
 */
@Tag("e2e")
class RegistryCredentialsTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Topics TOPICS = new Topics("credentials.");
  private static final String PASSWORD = "the-account-for-builds";
  private static final Pattern TOKEN = Pattern.compile("\"registrytoken\":\"([^\"]+)\"");
  private static final String STEAL = "RUN cat /kaniko/.docker/config.json\n";

  @TempDir static Path folder;
  private static TokenService tokens;
  private static RegistryServer registry;
  private static SeparateServices services;
  private static ObjectStore store;
  private static Watcher watcher;
  private static int repositories;

  @BeforeAll
  static void start() throws Exception {
    tokens = new TokenService("builds", PASSWORD, (name, action) -> true);
    tokens.refuseStrangers();
    registry = tokens.registry(folder.resolve("token-registry"), "127.0.0.1");
    Path account = Files.createDirectories(folder.resolve("account"));
    Files.writeString(
        account.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"username\":\"builds\",\"password\":\"%s\"}}}"
            .formatted(registry.address(), PASSWORD));
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            rules:
              - workloads: guarded
                repositories: "**"
                images: "**"
                protected: refs/heads/main
                reserved: ["1", latest]
              - {workloads: "*", repositories: "**", images: "**"}
            """);
    Map<String, String> more =
        Map.of(
            Settings.REGISTRY,
            registry.address(),
            Settings.CACHE_REPOSITORY,
            registry.address(),
            Settings.PLAIN_HTTP_REGISTRIES,
            registry.address(),
            "TARKILN_POLICY",
            policy.toString());
    services =
        SeparateServices.start(
            folder,
            TOPICS.prefix(),
            more,
            Map.of(
                "artifact-pusher-1",
                Map.of(Settings.DOCKER_CONFIG, account.toString()),
                "build-submitter-1",
                Map.of("TARKILN_KANIKO_DOCKER_CONFIG", account.resolve("config.json").toString())));
    store = services.store();
    watcher = new Watcher(TestKafka.bootstrapServers(), List.copyOf(TOPICS.all()));
    assertThat(build("tools", "refs/heads/main", "1", repository("")).path("outcome").asText())
        .isEqualTo("succeeded");
  }

  @AfterAll
  static void stop() throws Exception {
    if (services != null) {
      store.close();
      services.close();
      watcher.close();
    }
    registry.close();
    tokens.close();
  }

  @BeforeEach
  void liveLong() {
    tokens.live(Duration.ofMinutes(5));
  }

  @Test
  void a_run_finds_a_token_for_its_own_cache_and_its_base_image_alone() throws Exception {
    GitRepository thief = onTools("RUN echo once > /made\n" + STEAL);
    BuildId first = request("thief", "refs/heads/main", "1", thief);
    assertThat(outcome(first)).isEqualTo("succeeded");
    String token = stolen(first);

    assertThat(log(first)).doesNotContain(PASSWORD, "\"auth\"");
    assertThat(startsUpload(token, "kaniko-cache/thief-app")).isEqualTo(202);
    assertThat(startsUpload(token, "kaniko-cache/tools-app")).isEqualTo(401);
    assertThat(startsUpload(token, "thief/app")).isEqualTo(401);
    assertThat(startsUpload(token, "tools/app")).isEqualTo(401);
    assertThat(status(token, "GET", "tools/app/tags/list")).isEqualTo(200);
    assertThat(status(token, "GET", "thief/app/tags/list")).isEqualTo(401);
    assertThat(
            status(token, "DELETE", "kaniko-cache/thief-app/manifests/sha256:" + "ab".repeat(32)))
        .isEqualTo(401);
    assertThat(status(token, "GET", "_catalog")).isEqualTo(401);

    BuildId second = request("thief", "refs/heads/main", "2", thief);
    assertThat(outcome(second)).isEqualTo("succeeded");
    assertThat(log(second)).contains("Using caching version of cmd: RUN echo once > /made");
  }

  @Test
  void a_pull_request_takes_layers_of_the_main_branch_and_can_leave_none() throws Exception {
    GitRepository repository = onTools("RUN echo trusted > /made\n");
    assertThat(outcome(request("guarded", "refs/heads/main", "1", repository)))
        .isEqualTo("succeeded");
    append(repository, STEAL + "RUN echo poison > /usr-bin\n");
    repository.commit();
    repository.git("update-ref", "refs/pull/7/head", "HEAD");

    BuildId pull = request("guarded", "refs/pull/7/head", "pr-7", repository);

    assertThat(outcome(pull)).isEqualTo("succeeded");
    assertThat(log(pull))
        .contains("Using caching version of cmd: RUN echo trusted > /made")
        .contains("[tarkiln] the policy does not protect the revision")
        .doesNotContain("Pushed " + registry.address());
    String token = stolen(pull);
    assertThat(startsUpload(token, "kaniko-cache/guarded-app")).isEqualTo(401);
    assertThat(status(token, "GET", "kaniko-cache/guarded-app/tags/list")).isEqualTo(200);
  }

  @Test
  void a_pull_request_cannot_set_a_tag_that_is_reserved() throws Exception {
    GitRepository repository = onTools("RUN echo mine > /made\n");
    repository.git("update-ref", "refs/pull/8/head", "HEAD");
    int asked = tokens.seen().size();

    JsonNode end = build("guarded", "refs/pull/8/head", "latest", repository);

    assertThat(end.path("outcome").asText()).isEqualTo("failed");
    assertThat(end.path("reason").asText()).isEqualTo("not-allowed");
    assertThat(end.path("message").asText())
        .contains("'refs/pull/8/head' may not write the tag latest", "policy, line 2");
    assertThat(tokens.seen()).hasSize(asked);
  }

  /** A repository of a service that is built on the one with a shell. */
  private static GitRepository onTools(String instructions) throws Exception {
    return repository("FROM %s/tools/app:1\n%s".formatted(registry.address(), instructions));
  }

  private static GitRepository repository(String dockerfile) throws Exception {
    GitRepository repository = GitRepository.in(folder.resolve("git-" + repositories++));
    if (dockerfile.isEmpty()) {
      Path files = repository.folder();
      Files.createDirectories(files.resolve("bin"));
      copy(GoTools.provide("sh"), files.resolve("sh"));
      for (String command : List.of("cat", "sleep")) {
        copy(GoTools.provide("uroot").resolve(command), files.resolve("bin").resolve(command));
      }
      repository.file("Dockerfile", "FROM scratch\nCOPY sh /bin/sh\nCOPY bin /bin\n");
    } else {
      repository.file("Dockerfile", dockerfile);
    }
    repository.commit();
    repository.git("update-ref", "refs/heads/main", "HEAD");
    return repository;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void append(GitRepository repository, String instructions) throws IOException {
    Path dockerfile = repository.folder().resolve("Dockerfile");
    repository.file("Dockerfile", Files.readString(dockerfile) + instructions);
  }

  private static BuildId request(
      String workload, String revision, String tag, GitRepository repository) throws Exception {
    BuildId build = BuildId.next();
    RequestProducer.publish(
        TestKafka.bootstrapServers(),
        TOPICS.of(EventType.BUILD_REQUESTED),
        build,
        """
        {"workload": "%s", "tag": "%s", "source": {"repository": "%s", "revision": "%s"},
         "services": [{"name": "app"}]}
        """
            .formatted(workload, tag, repository.url(), revision));
    return build;
  }

  private static JsonNode build(
      String workload, String revision, String tag, GitRepository repository) throws Exception {
    return end(request(workload, revision, tag, repository));
  }

  private static String outcome(BuildId build) throws Exception {
    return end(build).path("outcome").asText();
  }

  private static JsonNode end(BuildId build) throws Exception {
    String finished = TOPICS.of(EventType.BUILD_FINISHED);
    return new ObjectMapper()
        .readTree(
            watcher
                .await(
                    record ->
                        record.topic().equals(finished) && build.toString().equals(record.key()),
                    LIMIT)
                .value());
  }

  private static String log(BuildId build) throws Exception {
    return new String(store.read(ObjectKeys.log(build, "app")).orElseThrow(), UTF_8);
  }

  /** The first token that a run printed. */
  private static String stolen(BuildId build) throws Exception {
    Matcher token = TOKEN.matcher(log(build));
    assertThat(token.find()).as(log(build)).isTrue();
    return token.group(1);
  }

  private static int startsUpload(String token, String repository) throws Exception {
    return status(token, "POST", repository + "/blobs/uploads/");
  }

  private static int status(String token, String method, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + registry.address() + "/v2/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
