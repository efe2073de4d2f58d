package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.cache.FetchFixture;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetches over https, http and ssh from real servers, and is turned away by them. */
@Tag("server")
class TransportTest {
  @TempDir Path folder;
  private GitRepository repository;
  private String commit;

  @BeforeEach
  void make() throws Exception {
    repository = GitRepository.in(folder.resolve("repositories/shop"));
    repository.file("Dockerfile", "FROM alpine\n").commit();
    commit = repository.file("more.txt", "more\n").commit();
  }

  @Test
  void fetches_over_https_with_an_account_from_a_host_with_a_certificate_of_our_own()
      throws Exception {
    try (GitHttpServer server = secure("builder", "s3cret/%")) {
      Path credentials = credentials(server, "builder:s3cret%2F%25");

      assertThat(fetch(settings(credentials), server.url("shop/.git"), "main")).isEqualTo(commit);
    }
  }

  @Test
  void shows_its_certificate_to_the_host_that_it_is_for() throws Exception {
    Path certificates = Files.createDirectories(folder.resolve("certificates"));
    Path both = certificates.resolve("127.0.0.1.pem");
    Path certificate = folder.resolve("client.pem");
    Program.of(
            ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                    + " -subj /CN=client -keyout %s -out %s")
                .formatted(both, certificate)
                .split(" "))
        .output();
    Files.writeString(both, Files.readString(both) + Files.readString(certificate));
    GitSettings without =
        CheckoutRequests.settings(
            folder, Optional.empty(), Optional.of(folder.resolve("authority.pem")));
    GitSettings with =
        new GitSettings(
            folder.resolve("cache-with"),
            without.cacheBytes(),
            without.reach(),
            new GitSettings.Secrets(
                Optional.empty(),
                folder.resolve("ssh"),
                Optional.of(folder.resolve("authority.pem")),
                Optional.of(certificates)),
            without.limits(),
            true,
            true,
            without.sourceLifetime());

    try (GitHttpServer server =
        GitHttpServer.mutual(
            folder.resolve("repositories"), certificate, folder.resolve("authority.pem"))) {
      assertThat(fetch(with, server.url("shop/.git"), "main")).isEqualTo(commit);
      assertThat(
              catchThrowableOfType(
                  Exception.class, () -> fetch(without, server.url("shop/.git"), "main")))
          .isNotNull();
    }
  }

  @Test
  void is_refused_with_a_wrong_account_and_keeps_the_password_to_itself() throws Exception {
    try (GitHttpServer server = secure("builder", "right")) {
      Path credentials = credentials(server, "builder:wr0ng");

      RejectedException refused = rejected(settings(credentials), server.url("shop/.git"), "main");

      assertThat(refused.reason()).isEqualTo(Reason.AUTHENTICATION_REFUSED);
      assertThat(refused)
          .hasMessageContaining("TARKILN_GIT_CREDENTIALS")
          .hasMessageNotContaining("wr0ng");
    }
  }

  @Test
  void gives_an_account_to_no_other_host() throws Exception {
    try (GitHttpServer server = secure("builder", "right")) {
      Path credentials = folder.resolve("credentials");
      Files.writeString(credentials, "https://builder:right@other.example\n");

      RejectedException refused = rejected(settings(credentials), server.url("shop/.git"), "main");

      assertThat(refused.reason()).isEqualTo(Reason.AUTHENTICATION_REFUSED);
    }
  }

  @Test
  void takes_the_account_of_the_longest_path() throws Exception {
    try (GitHttpServer server = secure("builder", "right")) {
      Path credentials = folder.resolve("credentials");
      Files.writeString(
          credentials,
          Stream.of("wrong@127.0.0.1", "right@127.0.0.1/shop", "wrong@127.0.0.1/sho")
              .map(line -> "https://builder:" + line + "\n")
              .collect(Collectors.joining()));

      assertThat(fetch(settings(credentials), server.url("shop/.git"), "main")).isEqualTo(commit);
    }
  }

  @Test
  void trusts_no_certificate_that_nobody_vouched_for() throws Exception {
    try (GitHttpServer server = secure("builder", "right")) {
      GitSettings trustsJavas = CheckoutRequests.settings(folder);

      UnavailableException failed =
          catchThrowableOfType(
              UnavailableException.class,
              () -> fetch(trustsJavas, server.url("shop/.git"), "main"));

      assertThat(failed).hasMessageContaining("127.0.0.1").hasMessageContaining("certif");
    }
  }

  @Test
  void says_that_there_is_no_such_repository() throws Exception {
    try (GitHttpServer server = GitHttpServer.plain(folder.resolve("repositories"))) {
      String url = server.url("none/.git");

      RejectedException refused = rejected(CheckoutRequests.settings(folder), url, "main");

      assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
      assertThat(refused).hasMessageContaining(url);
    }
  }

  @Test
  void takes_a_web_page_for_no_repository() throws Exception {
    HttpServer login = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    login.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>Please log in</html>".getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(page);
          }
        });
    login.start();
    try {
      String url = "http://127.0.0.1:" + login.getAddress().getPort() + "/shop.git";

      RejectedException refused = rejected(CheckoutRequests.settings(folder), url, "main");

      assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
      assertThat(refused).hasMessageContaining(url).hasMessageContaining("check the address");
    } finally {
      login.stop(0);
    }
  }

  @Test
  void is_unavailable_while_the_host_is_down() throws Exception {
    String url;
    try (GitHttpServer server = GitHttpServer.plain(folder.resolve("repositories"))) {
      url = server.url("shop/.git");
    }

    assertThat(
            catchThrowableOfType(
                UnavailableException.class,
                () -> fetch(CheckoutRequests.settings(folder), url, "main")))
        .hasMessageContaining(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void fetches_over_ssh_with_a_key(String type) throws Exception {
    try (GitSshServer server = GitSshServer.start()) {
      server.giveKey(folder.resolve("ssh"), type).giveHostKey(folder.resolve("ssh"));

      assertThat(fetch(CheckoutRequests.settings(folder), server.url(repository.folder()), "main"))
          .isEqualTo(commit);
    }
  }

  @Test
  void sends_no_key_to_a_host_that_is_not_known() throws Exception {
    try (GitSshServer server = GitSshServer.start()) {
      server.giveKey(folder.resolve("ssh"), "ed25519");

      RejectedException refused =
          rejected(CheckoutRequests.settings(folder), server.url(repository.folder()), "main");

      assertThat(refused.reason()).isEqualTo(Reason.AUTHENTICATION_REFUSED);
      assertThat(refused).hasMessageContaining("known_hosts");
    }
  }

  @Test
  void is_refused_over_ssh_without_the_right_key() throws Exception {
    try (GitSshServer server = GitSshServer.start();
        GitSshServer other = GitSshServer.start()) {
      other.giveKey(folder.resolve("ssh"), "ed25519");
      server.giveHostKey(folder.resolve("ssh"));

      RejectedException refused =
          rejected(CheckoutRequests.settings(folder), server.url(repository.folder()), "main");

      assertThat(refused.reason()).isEqualTo(Reason.AUTHENTICATION_REFUSED);
      assertThat(refused).hasMessageContaining("TARKILN_SSH_DIR");
    }
  }

  @Test
  void sends_the_deploy_key_of_the_repository() throws Exception {
    try (GitSshServer server = GitSshServer.start();
        GitSshServer other = GitSshServer.start()) {
      other.giveKey(folder.resolve("ssh"), "ed25519");
      other.giveKey(folder.resolve("ssh/127.0.0.1"), "rsa");
      Path own = folder.resolve("ssh/127.0.0.1" + repository.folder());
      server.giveKey(own, "ecdsa").giveHostKey(folder.resolve("ssh"));

      assertThat(fetch(CheckoutRequests.settings(folder), server.url(repository.folder()), "main"))
          .isEqualTo(commit);
    }
  }

  private GitHttpServer secure(String user, String password) throws Exception {
    return GitHttpServer.secure(
        folder.resolve("repositories"), user, password, folder.resolve("authority.pem"));
  }

  private GitSettings settings(Path credentials) {
    return CheckoutRequests.settings(
        folder, Optional.of(credentials), Optional.of(folder.resolve("authority.pem")));
  }

  private Path credentials(GitHttpServer server, String account) throws Exception {
    Path file = folder.resolve("credentials");
    Files.writeString(file, server.url("").replace("https://", "https://" + account + "@") + "\n");
    return file;
  }

  private RejectedException rejected(GitSettings settings, String url, String revision) {
    return catchThrowableOfType(RejectedException.class, () -> fetch(settings, url, revision));
  }

  /** The commit that a revision turned out to be. */
  private static String fetch(GitSettings settings, String url, String revision) throws Exception {
    try (FetchFixture fetching = new FetchFixture(settings, url)) {
      return fetching.fetch(revision).name();
    }
  }
}
