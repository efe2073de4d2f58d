package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.image.Digests;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What LFS servers answer that git-lfs's own test server does not, and which files are in LFS. */
@Tag("server")
class LfsAnswersTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final String CONTENT = "weights".repeat(100);
  private static final String OID = Digests.hex(CONTENT.getBytes(UTF_8));
  private static final String ACCOUNT = "Basic YnVpbGRlcjpzM2NyZXQ="; // builder:s3cret
  private static final String POINTER =
      "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
          .formatted(OID, CONTENT.length());

  @TempDir Path folder;
  private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
  private GitHttpServer server;
  private GitRepository shop;
  private volatile String action = "";
  private volatile boolean trickles;

  @BeforeEach
  void make() throws Exception {
    server = GitHttpServer.plain(folder.resolve("repositories"));
    server.also("/shop/.git/info/lfs/objects/batch", this::batch);
    server.also("/content", this::content);
    Files.writeString(
        folder.resolve("credentials"),
        server.url("").replace("http://", "http://builder:s3cret@") + "\n");
    shop =
        GitRepository.in(folder.resolve("repositories/shop"))
            .file("Dockerfile", "FROM alpine\n")
            .file(".gitattributes", "*.bin filter=lfs\n")
            .file("nonce", folder.toString())
            .file("model.bin", POINTER);
    shop.commit();
    action = "{\"href\": \"%s\"}".formatted(server.url("content"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void batch(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String answer =
        "{\"objects\": [{\"oid\": \"%s\", \"size\": %d, %s}]}"
            .formatted(
                OID,
                CONTENT.length(),
                action.startsWith("{")
                    ? "\"actions\": {\"download\": %s}".formatted(action)
                    : action);
    exchange.sendResponseHeaders(200, 0);
    try {
      for (byte each : answer.getBytes(UTF_8)) {
        exchange.getResponseBody().write(each);
        if (trickles) {
          exchange.getResponseBody().flush();
          Thread.sleep(200);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private void content(HttpExchange exchange) throws IOException {
    String authorization =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("none");
    authorizations.add(authorization);
    exchange.sendResponseHeaders(200, CONTENT.length());
    exchange.getResponseBody().write(CONTENT.getBytes(UTF_8));
    exchange.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"href\": \"URL\", \"header\": {\"X-Request\": \"1\"}}",
        "{\"href\": \"URL\", \"header\": {}}",
        "{\"href\": \"URL\"}",
        "\"authenticated\": false, \"actions\": {\"download\": {\"href\": \"URL\"}}",
      })
  void get_the_account_where_an_action_says_nothing_of_it(String text) throws Exception {
    action = text.replace("URL", server.url("content"));

    assertThat(built()).containsEntry("source/model.bin", "file false " + CONTENT);
    assertThat(authorizations).containsExactly(ACCOUNT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"href\": \"URL\", \"header\": {\"Authorization\": \"none\"}}",
        "{\"href\": \"URL\", \"header\": {\"authorization\": \"none\"}}",
        "\"authenticated\": true, \"actions\": {\"download\": {\"href\": \"URL\"}}",
      })
  void get_no_account_where_an_action_says_so(String text) throws Exception {
    action = text.replace("URL", server.url("content"));

    assertThat(built()).containsEntry("source/model.bin", "file false " + CONTENT);
    assertThat(authorizations).containsExactly("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"href\": \"/content\"}",
        "{\"href\": \"content\"}",
        "{\"href\": \"//127.0.0.1/content\"}",
        "{\"href\": \"http:content\"}",
        "{\"href\": \"\"}",
        "{\"href\": null}",
        "{\"href\": \"http://a b/\"}",
        "{}",
      })
  void end_the_build_with_a_sentence_where_they_name_no_address(String text) {
    action = text;

    assertThat(rejected(settings())).hasMessageContaining("as an address");
  }

  @Test
  void end_the_build_where_they_take_too_long() {
    trickles = true;
    GitSettings.Limits usual = CheckoutRequests.LIMITS;
    GitSettings hasty =
        CheckoutRequests.with(
            settings(),
            new GitSettings.Limits(
                usual.silence(),
                Duration.ofSeconds(3),
                usual.fetchBytes(),
                usual.redirects(),
                usual.sourceBytes(),
                usual.sourceFiles(),
                usual.fileBytes()));

    assertThat(rejected(hasty).reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(rejected(hasty)).hasMessageContaining("TARKILN_GIT_FETCH_TIME");
  }

  @Test
  void are_not_asked_for_more_than_a_context_may_have() throws Exception {
    for (int i = 0; i < 3; i++) {
      String oid = Digests.hex(new byte[] {(byte) i});
      shop.file(i + ".bin", POINTER.replace(OID, oid).replace("size 700", "size 500000"));
    }
    shop.commit();

    assertThat(rejected(settings()).reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(rejected(settings())).hasMessageContaining("TARKILN_SOURCE_LIMIT_BYTES");
  }

  @Test
  void are_asked_for_files_with_the_attribute_only() throws Exception {
    shop.file("guide.txt", POINTER)
        .file("docs/.gitattributes", "*.bin -filter\n")
        .file("docs/example.bin", POINTER)
        .file("plain.bin", "no pointer")
        .file("crlf.bin", POINTER.replace("\n", "\r\n"))
        .file("short.bin", POINTER.strip())
        .file("old.bin", POINTER.replace("git-lfs.github", "hawser.github"));
    shop.commit();

    Map<String, String> built = built();

    assertThat(built)
        .containsEntry("source/guide.txt", "file false " + POINTER)
        .containsEntry("source/docs/example.bin", "file false " + POINTER)
        .containsEntry("source/plain.bin", "file false no pointer");
    for (String name : List.of("model.bin", "crlf.bin", "short.bin", "old.bin")) {
      assertThat(built).containsEntry("source/" + name, "file false " + CONTENT);
    }
  }

  @Test
  void are_of_another_source_when_attributes_above_the_context_change() throws Exception {
    shop.file("api/Dockerfile", "FROM alpine\n").file("api/a.bin", POINTER).commit();
    assertThat(built("api=api")).containsEntry("source/api/a.bin", "file false " + CONTENT);

    shop.file(".gitattributes", "/*.bin filter=lfs\n").commit();
    assertThat(built("api=api")).containsEntry("source/api/a.bin", "file false " + POINTER);
  }

  private GitSettings settings() {
    return CheckoutRequests.settings(
        folder, Optional.of(folder.resolve("credentials")), Optional.empty());
  }

  private RejectedException rejected(GitSettings settings) {
    return catchThrowableOfType(RejectedException.class, () -> built(settings, "app=."));
  }

  private Map<String, String> built() throws Exception {
    return built("app=.");
  }

  private Map<String, String> built(String service) throws Exception {
    return built(settings(), service);
  }

  private Map<String, String> built(GitSettings settings, String service) throws Exception {
    try (CheckoutStep checkout = new CheckoutStep(settings, store, Policies.NONE)) {
      String key =
          ((SourceCheckedOut)
                  checkout
                      .run(CheckoutRequests.of(server.url("shop/.git"), "main", service))
                      .events()
                      .get(0)
                      .data())
              .input()
              .sourceKey();
      try (InputStream object = store.open(key).orElseThrow()) {
        return ArchiveReader.entries(object.readAllBytes());
      }
    }
  }
}
