package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories and servers that mean no good, and the bounds that hold them. */
@Tag("server")
class HostileTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final String MILLION = "\0\17B@";

  @TempDir Path folder;
  private HttpServer server;
  private GitRepository repository;

  @BeforeEach
  void make() throws Exception {
    repository =
        GitRepository.in(folder.resolve("shop")).file("Dockerfile", "FROM alpine\n").committed();
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", ".git", ".GIT", "a/b", "/etc"})
  void unpacks_no_name_that_leads_elsewhere(String name) throws Exception {
    String blob = repository.git("rev-parse", "HEAD:Dockerfile");
    commitTree(line(name, blob) + line("Dockerfile", blob));

    RejectedException refused = rejected(CheckoutRequests.settings(folder), repository.url());

    assertThat(refused.reason()).isEqualTo(Reason.PATH_OUTSIDE_REPOSITORY);
    assertThat(refused).hasMessageContaining("'" + name + "'");
  }

  @Test
  void unpacks_no_name_twice() throws Exception {
    String blob = repository.git("rev-parse", "HEAD:Dockerfile");
    commitTree(line("Dockerfile", blob) + line("Dockerfile", blob));

    assertThat(rejected(CheckoutRequests.settings(folder), repository.url()).reason())
        .isEqualTo(Reason.PATH_OUTSIDE_REPOSITORY);
  }

  @Test
  void counts_files_before_it_fetches_any() throws Exception {
    String tree = repository.git("rev-parse", "HEAD^{tree}");
    for (int level = 0; level < 6; level++) {
      StringBuilder wide =
          new StringBuilder(line("Dockerfile", repository.git("rev-parse", "HEAD:Dockerfile")));
      for (int i = 0; i < 10; i++) {
        wide.append("40000 d" + i + "\0" + raw(tree));
      }
      tree = writeTree(wide.toString());
    }
    repository.git("update-ref", "refs/heads/main", commitOf(tree));

    RejectedException refused = rejected(CheckoutRequests.settings(folder), repository.url());

    assertThat(refused.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refused).hasMessageContaining("TARKILN_SOURCE_LIMIT_FILES");
  }

  @Test
  void takes_no_file_that_is_too_large() throws Exception {
    repository.file("large", "x".repeat(2 << 20)).commit();

    RejectedException refused = rejected(CheckoutRequests.settings(folder), repository.url());

    assertThat(refused.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refused).hasMessageContaining("TARKILN_SOURCE_LIMIT_FILE_BYTES");
  }

  @Test
  void ends_an_endless_pack() throws Exception {
    server.createContext("/", new EndlessPack(repository.git("rev-parse", "HEAD"), MILLION));
    GitSettings.Limits few =
        new GitSettings.Limits(
            Duration.ofSeconds(20), Duration.ofMinutes(5), 1 << 20, 5, 1 << 20, 1000, 1 << 20);

    RejectedException refused =
        rejected(CheckoutRequests.with(CheckoutRequests.settings(folder), few), url("shop.git"));

    assertThat(refused.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refused).hasMessageContaining("TARKILN_GIT_FETCH_BYTES");
  }

  @Test
  void makes_no_room_for_as_many_objects_as_a_pack_claims_to_have() throws Exception {
    server.createContext("/", new EndlessPack(repository.git("rev-parse", "HEAD"), "\177\0\0\0"));

    RejectedException refused = rejected(CheckoutRequests.settings(folder), url("shop.git"));

    assertThat(refused.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refused).hasMessageContaining("objects");
  }

  @Test
  void ends_a_fetch_that_takes_too_long() throws Exception {
    server.createContext("/", new EndlessPack(repository.git("rev-parse", "HEAD"), MILLION));
    GitSettings.Limits short1 =
        new GitSettings.Limits(
            Duration.ofSeconds(20), Duration.ofSeconds(1), 1L << 40, 5, 1 << 20, 1000, 1 << 20);

    RejectedException refused =
        rejected(CheckoutRequests.with(CheckoutRequests.settings(folder), short1), url("shop.git"));

    assertThat(refused.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refused).hasMessageContaining("TARKILN_GIT_FETCH_TIME");
  }

  @Test
  void does_not_wait_for_a_server_that_hangs() throws Exception {
    GitSettings.Limits impatient =
        new GitSettings.Limits(
            Duration.ofSeconds(1), Duration.ofMinutes(5), 1 << 20, 5, 1 << 20, 1000, 1 << 20);
    try (ServerSocket silent = new ServerSocket(0)) {
      String url = "http://127.0.0.1:%d/shop.git".formatted(silent.getLocalPort());

      assertThat(
              unavailable(CheckoutRequests.with(CheckoutRequests.settings(folder), impatient), url))
          .hasMessageContaining(url);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503})
  void tries_again_what_the_server_may_mend(int status) {
    server.createContext("/", exchange -> answer(exchange, status));

    assertThat(unavailable(CheckoutRequests.settings(folder), url("shop.git")))
        .hasMessageContaining(Integer.toString(status));
  }

  @ParameterizedTest
  @CsvSource({
    "https://169.254.169.254/shop.git, is not in TARKILN_GIT_HOSTS",
    "http://localhost:1/shop.git, TARKILN_GIT_PLAIN_HTTP_HOSTS",
    "file:///etc/shop.git, file",
  })
  void follows_no_redirect_to_where_it_may_not_go(String to, String why) {
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", to + "/info/refs?service=git-upload-pack");
          answer(exchange, 302);
        });
    GitSettings here =
        CheckoutRequests.with(
            CheckoutRequests.settings(folder),
            new GitSettings.Reach(
                Set.of("127.0.0.1", "localhost"), Set.of("127.0.0.1"), false, true));

    Exception failed = catchThrowableOfType(Exception.class, () -> run(here, url("shop.git")));

    assertThat(failed).hasMessageContaining(why);
  }

  @Test
  void follows_no_redirects_without_end() {
    server.createContext(
        "/",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Location", url("again.git") + "/info/refs?service=git-upload-pack");
          answer(exchange, 302);
        });

    assertThat(
            catchThrowableOfType(
                Exception.class, () -> run(CheckoutRequests.settings(folder), url("shop.git"))))
        .hasMessageContaining("edirect");
  }

  @Test
  void tells_no_password_to_the_host_of_a_redirect() throws Exception {
    AtomicReference<String> told = new AtomicReference<>("nothing");
    server.createContext(
        "/",
        exchange -> {
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
              .ifPresent(told::set);
          answer(exchange, 401);
        });
    Path authority = folder.resolve("authority.pem");
    try (GitHttpServer git =
        GitHttpServer.secure(folder.resolve("repositories"), "builder", "s3cret", authority)) {
      git.also(
          "/moved.git",
          exchange -> {
            exchange
                .getResponseHeaders()
                .add("Location", url("shop.git") + "/info/refs?service=git-upload-pack");
            answer(exchange, 302);
          });
      Path credentials = folder.resolve("credentials");
      Files.writeString(
          credentials, git.url("").replace("https://", "https://builder:s3cret@") + "\n");

      assertThat(
              catchThrowableOfType(
                  Exception.class,
                  () ->
                      run(
                          CheckoutRequests.settings(
                              folder, Optional.of(credentials), Optional.of(authority)),
                          git.url("moved.git"))))
          .isNotNull()
          .hasMessageNotContaining("s3cret");
    }
    assertThat(told).hasValue("nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:1/a",
        "https://localhost:1/a",
        "https://169.254.169.254/a",
        "https://10.0.0.1/a",
        "ssh://git@192.168.0.1/a",
        "https://2130706433/a"
      })
  void goes_to_no_private_address_where_that_is_forbidden(String url) {
    GitSettings publicOnly =
        CheckoutRequests.with(
            CheckoutRequests.settings(folder),
            new GitSettings.Reach(Set.of(), Set.of(), false, false));

    RejectedException refused = rejected(publicOnly, url);

    assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refused).hasMessageContaining("TARKILN_GIT_PRIVATE_ADDRESSES");
  }

  private static String line(String name, String blob) {
    return "100644 " + name + "\0" + raw(blob);
  }

  private static String raw(String id) {
    return new String(HexFormat.of().parseHex(id), ISO_8859_1);
  }

  private String writeTree(String content) throws Exception {
    Path file = folder.resolve("tree");
    Files.write(file, content.getBytes(ISO_8859_1));
    return repository.git("hash-object", "-t", "tree", "-w", "--literally", file.toString());
  }

  private String commitOf(String tree) throws Exception {
    Path file = folder.resolve("commit");
    Files.writeString(
        file, "tree " + tree + "\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nbad\n");
    return repository.git("hash-object", "-t", "commit", "-w", "--literally", file.toString());
  }

  private void commitTree(String content) throws Exception {
    repository.git("update-ref", "refs/heads/main", commitOf(writeTree(content)));
  }

  private String url(String repository) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), repository);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private RejectedException rejected(GitSettings settings, String url) {
    return catchThrowableOfType(RejectedException.class, () -> run(settings, url));
  }

  private UnavailableException unavailable(GitSettings settings, String url) {
    return catchThrowableOfType(UnavailableException.class, () -> run(settings, url));
  }

  private void run(GitSettings settings, String url) throws Exception {
    try (CheckoutStep checkout = new CheckoutStep(settings, store, Policies.NONE)) {
      checkout.run(CheckoutRequests.of(url, "main", "app=."));
    }
  }

  /** Speaks git's protocol version 2, and never ends the pack that it sends. */
  private record EndlessPack(String commit, String count) implements HttpHandler {
    @Override
    public void handle(HttpExchange exchange) throws IOException {
      InputStream body = exchange.getRequestBody();
      boolean isPacked = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      String asked =
          new String((isPacked ? new GZIPInputStream(body) : body).readAllBytes(), ISO_8859_1);
      boolean isFirst = exchange.getRequestURI().getPath().endsWith("/info/refs");
      exchange
          .getResponseHeaders()
          .set(
              "Content-Type",
              "application/x-git-upload-pack-" + (isFirst ? "advertisement" : "result"));
      exchange.sendResponseHeaders(200, 0);
      try (var out = exchange.getResponseBody()) {
        if (isFirst) {
          out.write(
              (packet("# service=git-upload-pack\n")
                      + "0000"
                      + packet("version 2\n")
                      + packet("ls-refs\n")
                      + packet("fetch=shallow filter\n")
                      + "0000")
                  .getBytes(ISO_8859_1));
        } else if (asked.contains("ls-refs")) {
          out.write((packet(commit + " refs/heads/main\n") + "0000").getBytes(ISO_8859_1));
        } else {
          out.write(packet("packfile\n").getBytes(ISO_8859_1));
          out.write(packet("\1PACK\0\0\0\2" + count).getBytes(ISO_8859_1));
          for (int i = 0; ; i++) {
            out.write(packet("\1" + blob(i)).getBytes(ISO_8859_1));
          }
        }
      } catch (IOException theOtherSideHadEnough) {
        exchange.close();
      }
    }

    private static String packet(String content) {
      return "%04x".formatted(content.length() + 4) + content;
    }

    /** A blob of ten bytes: type 3, size 10, and its content in zlib's form. */
    private static String blob(int number) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(3 << 4 | 10);
      try (var deflated = new DeflaterOutputStream(bytes)) {
        deflated.write("%010d".formatted(number).getBytes(ISO_8859_1));
      }
      return bytes.toString(ISO_8859_1);
    }
  }
}
