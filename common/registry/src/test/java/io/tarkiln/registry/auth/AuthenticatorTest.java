package io.tarkiln.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.BlobChecker;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.TestBlob;
import io.tarkiln.registry.TestRegistry;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.registry.http.Transport;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class AuthenticatorTest {
  private static final int THREADS = 8;
  private static final String USER = "pusher";
  private static final String PASSWORD = "a-good-secret";
  private static final String HTPASSWD =
      USER + ":$2b$04$abcdefghijklmnopqrstuu7NfzHci8Ibnu8ocWNHFCAREBpGIHyEu\n";

  /** {@code pusher:a-good-secret}. */
  private static final String BASIC = "Basic cHVzaGVyOmEtZ29vZC1zZWNyZXQ=";

  @TempDir static Path registryFolder;
  private static RegistryServer guarded;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    Path accounts = Files.writeString(registryFolder.resolve("htpasswd"), HTPASSWD);
    guarded =
        RegistryServer.start(
            GoTools.provide("registry"),
            registryFolder,
            "127.0.0.1",
            0,
            new RegistryServer.Options(Optional.of(accounts), Optional.empty()));
  }

  @AfterAll
  static void stop() {
    guarded.close();
  }

  @Test
  void a_good_account_pushes_from_many_threads_at_first_contact() throws Exception {
    RegistryConnection registry = connect(guarded.address(), account(guarded.address(), PASSWORD));
    CyclicBarrier together = new CyclicBarrier(THREADS);
    List<TestBlob> blobs =
        IntStream.range(0, THREADS).mapToObj(seed -> TestBlob.random(seed, 100_000)).toList();

    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> uploads =
          blobs.stream()
              .<Callable<Void>>map(blob -> () -> upload(registry, blob, together))
              .toList();
      for (Future<Void> upload : threads.invokeAll(uploads)) {
        upload.get();
      }
    } finally {
      threads.shutdownNow();
    }

    for (TestBlob blob : blobs) {
      assertThat(new BlobChecker(registry).has(blob.digest())).isTrue();
    }
  }

  @Test
  void a_wrong_password_is_refused_and_not_shown() throws Exception {
    RegistryConnection registry =
        connect(guarded.address(), account(guarded.address(), "a-wrong-secret"));

    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(() -> upload(registry, TestBlob.random(1, 10)))
          .isInstanceOfSatisfying(
              RegistryRefusedException.class, AuthenticatorTest::isAboutTheAccount)
          .hasMessageContaining(guarded.address())
          .hasMessageNotContaining("a-wrong-secret");
    }
  }

  @Test
  void no_account_is_refused_where_one_is_wanted() {
    RegistryConnection registry =
        connect(guarded.address(), TestRegistry.settings(guarded.address()));

    assertThatThrownBy(() -> upload(registry, TestBlob.random(1, 10)))
        .isInstanceOfSatisfying(
            RegistryRefusedException.class, AuthenticatorTest::isAboutTheAccount)
        .hasMessageContaining("wants an account and none is known");
  }

  @Test
  void gets_a_token_with_the_account_and_another_when_it_is_accepted_no_more() throws Exception {
    AtomicReference<String> accepted = new AtomicReference<>("token-1");
    AtomicInteger tokens = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                request.what().equals("GET /token")
                    ? token("token-" + tokens.incrementAndGet())
                    : guarded(request, accepted.get()))) {
      RegistryConnection registry = connect(server.address(), account(server.address(), PASSWORD));

      boolean before = new BlobChecker(registry).has("sha256:1");
      boolean still = new BlobChecker(registry).has("sha256:2");
      accepted.set("token-2");
      boolean after = new BlobChecker(registry).has("sha256:3");

      assertThat(List.of(before, still, after)).containsOnly(true);
      assertThat(server.seen().stream().map(AuthenticatorTest::shown))
          .containsExactly(
              "HEAD /v2/shop/api/blobs/sha256:1 without",
              "GET /token " + BASIC,
              "HEAD /v2/shop/api/blobs/sha256:1 Bearer token-1",
              "HEAD /v2/shop/api/blobs/sha256:2 Bearer token-1",
              "HEAD /v2/shop/api/blobs/sha256:3 Bearer token-1",
              "GET /token " + BASIC,
              "HEAD /v2/shop/api/blobs/sha256:3 Bearer token-2");
      assertThat(server.seen().get(1).uri())
          .contains("service=harbor", "scope=repository%3Ashop%2Fapi%3Apull%2Cpush");
    }
  }

  @Test
  void sends_a_bearer_token_of_the_config_as_it_is_and_asks_no_token_service() throws Exception {
    AtomicReference<String> accepted = new AtomicReference<>("given");
    try (ScriptedServer server = new ScriptedServer(request -> guarded(request, accepted.get()))) {
      RegistrySettings settings = account(server.address(), PASSWORD);
      Files.writeString(
          settings.accounts().file().orElseThrow(),
          "{\"auths\":{\"%s\":{\"registrytoken\":\"given\"}}}".formatted(server.address()));
      BlobChecker blobs = new BlobChecker(connect(server.address(), settings));

      boolean has = blobs.has("sha256:1");
      accepted.set("another");

      assertThat(has).isTrue();
      assertThatThrownBy(() -> blobs.has("sha256:2"))
          .isInstanceOfSatisfying(
              RegistryRefusedException.class, AuthenticatorTest::isAboutTheAccount);
      assertThat(server.seen().stream().map(AuthenticatorTest::shown))
          .containsExactly(
              "HEAD /v2/shop/api/blobs/sha256:1 without",
              "HEAD /v2/shop/api/blobs/sha256:1 Bearer given",
              "HEAD /v2/shop/api/blobs/sha256:2 Bearer given");
    }
  }

  @Test
  void gets_another_token_before_the_old_one_expires() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now.get();
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    AtomicInteger tokens = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                Answer.of(200)
                    .saying(
                        "{\"token\":\"token-%d\",\"expires_in\":100}"
                            .formatted(tokens.incrementAndGet())))) {
      Transport wire = new Transport(Optional.empty(), Duration.ofMinutes(1));
      URI realm = URI.create("http://" + server.address() + "/token");
      ImageReference image = ImageReference.parse(server.address() + "/shop/api");
      Authenticator login =
          new Authenticator(
              image,
              account(server.address(), PASSWORD).accounts(),
              new BearerTokens(wire, true),
              List.of("repository:shop/api:pull,push"),
              clock);

      assertThat(login.header()).isEmpty();
      login.renew(Optional.empty(), challenge(wire, realm));
      now.set(Instant.EPOCH.plusSeconds(79));
      assertThat(login.header()).hasValue("Bearer token-1");
      now.set(Instant.EPOCH.plusSeconds(81));
      assertThat(login.header()).hasValue("Bearer token-2");
      assertThat(login.header()).hasValue("Bearer token-2");
    }
  }

  @Test
  void sends_a_blob_again_whose_token_has_expired_meanwhile() throws Exception {
    TestBlob blob = TestBlob.random(1, 100_000);
    AtomicInteger tokens = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                switch (request.method()) {
                  case "GET" -> token("token-" + tokens.incrementAndGet());
                  case "POST" ->
                      guarded(request, "token-1", Answer.of(202).with("Location", "/up"));
                  default -> guarded(request, "token-2", Answer.of(201));
                })) {
      upload(connect(server.address(), account(server.address(), PASSWORD)), blob);

      assertThat(server.seen().stream().map(Seen::what).skip(2))
          .containsExactly("POST /v2/shop/api/blobs/uploads/", "PUT /up", "GET /token", "PUT /up");
      assertThat(server.seen().get(5).body()).isEqualTo(blob.bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403})
  void a_refusal_of_the_token_service_ends_the_build(int status) throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                request.what().equals("GET /token")
                    ? Answer.of(status).saying("{\"details\":\"" + PASSWORD + "\"}")
                    : guarded(request, "none"))) {
      RegistryConnection registry = connect(server.address(), account(server.address(), PASSWORD));

      assertThatThrownBy(() -> new BlobChecker(registry).has("sha256:1"))
          .isInstanceOfSatisfying(
              RegistryRefusedException.class, AuthenticatorTest::isAboutTheAccount)
          .hasMessageContaining("'" + USER + "'")
          .hasMessageNotContaining(PASSWORD);
    }
  }

  @Test
  void a_token_service_that_answers_nonsense_is_asked_again_later() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                request.what().equals("GET /token")
                    ? Answer.of(200).saying("<token>secret-token</token>")
                    : guarded(request, "none"))) {
      RegistryConnection registry = connect(server.address(), account(server.address(), PASSWORD));

      assertThatThrownBy(() -> new BlobChecker(registry).has("sha256:1"))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasNoCause()
          .hasMessageNotContaining("secret-token");
    }
  }

  @Test
  void the_account_is_not_sent_to_another_host_that_takes_the_bytes() throws Exception {
    TestBlob blob = TestBlob.random(1, 1000);
    try (ScriptedServer store = new ScriptedServer(request -> Answer.of(201));
        ScriptedServer server =
            new ScriptedServer(
                request ->
                    isByAccount(request)
                        ? Answer.of(202).with("Location", "http://" + store.address() + "/up?id=1")
                        : basicWanted())) {
      upload(connect(server.address(), account(server.address(), PASSWORD)), blob);

      assertThat(store.seen().stream().map(AuthenticatorTest::shown))
          .containsExactly("PUT /up without");
      assertThat(store.seen().get(0).body()).isEqualTo(blob.bytes());
    }
  }

  @Test
  void the_account_is_not_taken_along_to_where_a_redirect_leads() throws Exception {
    try (ScriptedServer store = new ScriptedServer(request -> Answer.of(200));
        ScriptedServer server =
            new ScriptedServer(
                request ->
                    isByAccount(request)
                        ? Answer.of(307).with("Location", "http://" + store.address() + "/blob")
                        : basicWanted())) {
      RegistryConnection registry = connect(server.address(), account(server.address(), PASSWORD));

      assertThat(new BlobChecker(registry).has("sha256:1")).isTrue();
      assertThat(store.seen().stream().map(AuthenticatorTest::shown))
          .containsExactly("HEAD /blob without");
    }
  }

  @Test
  void another_host_cannot_ask_for_the_account() throws Exception {
    try (ScriptedServer store = new ScriptedServer(request -> basicWanted());
        ScriptedServer server =
            new ScriptedServer(
                request -> Answer.of(307).with("Location", "http://" + store.address() + "/"))) {
      RegistryConnection registry = connect(server.address(), account(server.address(), PASSWORD));

      assertThatThrownBy(() -> new BlobChecker(registry).has("sha256:1"))
          .isInstanceOfSatisfying(
              RegistryRefusedException.class, AuthenticatorTest::isAboutTheAccount);
      assertThat(store.seen().stream().map(AuthenticatorTest::shown))
          .containsExactly("HEAD / without");
    }
  }

  private RegistrySettings account(String address, String password) throws Exception {
    return TestRegistry.settings(address, folder, USER, password);
  }

  private static RegistryConnection connect(String address, RegistrySettings settings) {
    return new RegistryClient(settings)
        .connect(ImageReference.parse(address + "/shop/api"), List.of());
  }

  private static void upload(RegistryConnection registry, TestBlob blob) throws Exception {
    new BlobUploader(registry, count -> {}).upload(blob, Optional.empty());
  }

  private static Void upload(RegistryConnection registry, TestBlob blob, CyclicBarrier together)
      throws Exception {
    together.await();
    upload(registry, blob);
    return null;
  }

  private static void isAboutTheAccount(RegistryRefusedException refused) {
    assertThat(refused.refusal()).isEqualTo(Refusal.UNAUTHORIZED);
  }

  /** An answer that asks for a token of this realm. */
  private static HttpResponse<byte[]> challenge(Transport wire, URI realm) throws Exception {
    try (ScriptedServer asking =
        new ScriptedServer(
            request ->
                Answer.of(401).with("WWW-Authenticate", "Bearer realm=\"%s\"".formatted(realm)))) {
      URI uri = URI.create("http://" + asking.address() + "/v2/");
      return wire.send(RegistryRequest.of("GET", uri), uri, Optional.empty());
    }
  }

  private static Answer guarded(Seen request, String token) {
    return guarded(request, token, Answer.of(200));
  }

  private static Answer guarded(Seen request, String token, Answer answer) {
    if (request.header("Authorization").equals(Optional.of("Bearer " + token))) {
      return answer;
    }
    String realm = "http://" + request.header("Host").orElseThrow() + "/token";
    return Answer.of(401)
        .with("WWW-Authenticate", "Bearer realm=\"%s\",service=\"harbor\"".formatted(realm));
  }

  private static Answer token(String token) {
    return Answer.of(200).saying("{\"token\":\"" + token + "\"}");
  }

  private static Answer basicWanted() {
    return Answer.of(401).with("WWW-Authenticate", "Basic realm=\"tarkiln\"");
  }

  private static boolean isByAccount(Seen request) {
    return request.header("Authorization").equals(Optional.of(BASIC));
  }

  private static String shown(Seen request) {
    return request.what() + " " + request.header("Authorization").orElse("without");
  }
}
