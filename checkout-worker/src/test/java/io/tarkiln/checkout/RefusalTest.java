package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tarkiln.build.BuildException;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.cache.FetchFixture;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server would say again ends a build at once, in a sentence. */
@Tag("server")
class RefusalTest {
  @TempDir Path folder;
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), path);
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private BuildException failure(String url, String revision) {
    return catchThrowableOfType(
        BuildException.class,
        () -> {
          try (FetchFixture fetching = new FetchFixture(CheckoutRequests.settings(folder), url)) {
            fetching.fetch(revision);
          }
        });
  }

  private RejectedException rejected(String url) {
    assertThat(failure(url, "main")).isInstanceOf(RejectedException.class);
    return (RejectedException) failure(url, "main");
  }

  @ParameterizedTest
  @CsvSource({
    "300, NO_SUCH_REPOSITORY, 300",
    "400, NO_SUCH_REPOSITORY, 400",
    "401, AUTHENTICATION_REFUSED, TARKILN_GIT_CREDENTIALS",
    "403, AUTHENTICATION_REFUSED, TARKILN_GIT_CREDENTIALS",
    "404, NO_SUCH_REPOSITORY, no repository",
    "405, NO_SUCH_REPOSITORY, 405",
    "410, NO_SUCH_REPOSITORY, no repository",
    "422, NO_SUCH_REPOSITORY, 422",
    "451, NO_SUCH_REPOSITORY, 451",
  })
  void of_a_server_by_its_status(int status, Reason reason, String said) {
    server.createContext("/", exchange -> answer(exchange, status, "text/plain", new byte[0]));

    assertThat(rejected(url("shop.git")).reason()).isEqualTo(reason);
    assertThat(rejected(url("shop.git"))).hasMessageContaining(said);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503})
  void is_none_where_the_server_asks_to_come_again(int status) {
    server.createContext("/", exchange -> answer(exchange, status, "text/plain", new byte[0]));

    assertThat(failure(url("shop.git"), "main")).isInstanceOf(UnavailableException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users/sign_in", "ftp://127.0.0.1/shop.git/info/refs", ""})
  void of_a_redirect_to_no_repository(String to) {
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", to);
          answer(exchange, 302, "text/plain", new byte[0]);
        });

    assertThat(rejected(url("shop.git")).reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
    assertThat(rejected(url("shop.git"))).hasMessageContaining("redirects");
  }

  @Test
  void of_dumb_http() throws Exception {
    GitRepository shop = GitRepository.in(folder.resolve("shop"));
    shop.file("file", "").commit();
    shop.git("update-server-info");
    server.createContext(
        "/",
        exchange -> {
          Path file = shop.folder().resolve(".git" + exchange.getRequestURI().getPath());
          boolean isThere = Files.isRegularFile(file);
          answer(
              exchange,
              isThere ? 200 : 404,
              "text/plain",
              isThere ? Files.readAllBytes(file) : new byte[0]);
        });

    assertThat(rejected(url("")).reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
    assertThat(rejected(url(""))).hasMessageContaining("dumb http");
  }

  @Test
  void is_none_of_a_content_type_with_parameters() throws Exception {
    GitRepository shop = GitRepository.in(folder.resolve("repositories/shop"));
    String head = shop.file("file", "").commit();
    try (GitHttpServer git = GitHttpServer.plain(folder.resolve("repositories"))) {
      server.createContext("/", exchange -> forward(git, exchange));

      try (FetchFixture fetching =
          new FetchFixture(CheckoutRequests.settings(folder), url("shop/.git"))) {
        assertThat(fetching.fetch("main").name()).isEqualTo(head);
      }
    }
  }

  /** As a proxy that likes to say what it believes of texts. */
  private static void forward(GitHttpServer git, HttpExchange exchange) throws IOException {
    HttpURLConnection to =
        (HttpURLConnection)
            URI.create(git.url(exchange.getRequestURI().toString().substring(1)))
                .toURL()
                .openConnection();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> to.setRequestProperty(name, values.get(0)));
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestMethod().equals("POST")) {
      to.setDoOutput(true);
      to.getOutputStream().write(body);
    }
    String type = to.getContentType().replace("application", "Application");
    answer(
        exchange,
        to.getResponseCode(),
        type + " ; charset=utf-8",
        to.getInputStream().readAllBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "git", "ssh", "file"})
  void of_a_repository_of_sha_256(String scheme) throws Exception {
    Path root = Files.createDirectories(folder.resolve("repositories"));
    GitRepository plain = GitRepository.in(folder.resolve("plain"));
    plain.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main", root + "/new");
    GitRepository shop = GitRepository.in(root.resolve("new"));
    shop.file("file", "").commit();
    try (GitHttpServer http = GitHttpServer.plain(root);
        GitDaemon daemon = GitDaemon.start(root);
        GitSshServer ssh = GitSshServer.old()) {
      ssh.giveKey(folder.resolve("ssh"), "ed25519").giveHostKey(folder.resolve("ssh"));
      String url =
          switch (scheme) {
            case "http" -> http.url("new/.git");
            case "git" -> daemon.url("new/.git");
            case "ssh" -> ssh.url(root.resolve("new/.git"));
            default -> shop.url();
          };

      for (String revision : new String[] {"main", "4f2c1e9a".repeat(5), "4f2c1e9a".repeat(8)}) {
        BuildException failure = failure(url, revision);
        assertThat(failure).as(revision).isInstanceOf(RejectedException.class);
        assertThat(failure).hasMessageContaining("SHA-256");
      }
    }
  }

  @Test
  void of_a_daemon_that_says_no_more_than_that() throws Exception {
    try (GitDaemon daemon = GitDaemon.silent(Files.createDirectories(folder.resolve("empty")))) {
      assertThat(rejected(daemon.url("none.git")).reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
    }
  }
}
