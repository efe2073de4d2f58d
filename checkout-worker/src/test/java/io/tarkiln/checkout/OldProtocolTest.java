package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.Event;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Builds from servers that speak git's protocol of before version 2 and give out branches and tags
 * only: sshd without {@code AcceptEnv GIT_PROTOCOL}, as it is by default, and their like.
 */
@Tag("server")
@ParameterizedClass
@EnumSource
class OldProtocolTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final String NONE = "4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a";

  @Parameter Server kind;
  @TempDir Path folder;
  private GitRepository shop;
  private String first;
  private AutoCloseable server;
  private String base;
  private CheckoutStep checkout;

  enum Server {
    SSH,
    GIT,
    GIT_WITH_FILTERS,
    HTTP
  }

  @BeforeEach
  void make() throws Exception {
    shop = GitRepository.in(folder.resolve("repositories/shop"));
    shop.file("Dockerfile", "FROM alpine\n").file("nonce", folder.toString());
    first = shop.file("file", "first").commit();
    shop.git("tag", "--annotate", "--message", "first", "v1");
    shop.file("file", "second").commit();
    shop.file("file", "third").commit();
    base = start(folder.resolve("repositories"));
    checkout = new CheckoutStep(CheckoutRequests.settings(folder), store, Policies.NONE);
  }

  private String start(Path root) throws Exception {
    if (kind == Server.SSH) {
      GitSshServer ssh = GitSshServer.old();
      ssh.giveKey(folder.resolve("ssh"), "ed25519").giveHostKey(folder.resolve("ssh"));
      server = ssh;
      return ssh.url(root);
    }
    if (kind == Server.HTTP) {
      GitHttpServer http = GitHttpServer.plain(root).old(false, false);
      server = http;
      return http.url("").replaceFirst("/$", "");
    }
    GitDaemon daemon =
        GitDaemon.old(
            root,
            Files.createDirectory(folder.resolve("programs")),
            kind == Server.GIT_WITH_FILTERS);
    server = daemon;
    return daemon.url("").replaceFirst("/$", "");
  }

  @AfterEach
  void close() throws Exception {
    checkout.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "refs/tags/v1", "tags/v1"})
  void builds_an_annotated_tag_of_a_commit_that_is_no_tip(String revision) throws Exception {
    assertThat(built(revision)).containsEntry("source/file", "file false first");
  }

  @Test
  void builds_a_tag_of_a_tag() throws Exception {
    shop.git("tag", "--annotate", "--message", "again", "v2", "v1");

    assertThat(built("v2")).containsEntry("source/file", "file false first");
  }

  @Test
  void builds_an_older_commit_by_its_id() throws Exception {
    assertThat(built(first)).containsEntry("source/file", "file false first");
  }

  @Test
  void builds_an_older_commit_after_newer_ones() throws Exception {
    assertThat(built("main")).containsEntry("source/file", "file false third");
    assertThat(built(first)).containsEntry("source/file", "file false first");
    shop.file("file", "fourth").commit();
    assertThat(built("main")).containsEntry("source/file", "file false fourth");
    assertThat(built(shop.git("rev-parse", "main~1")))
        .containsEntry("source/file", "file false third");
  }

  @Test
  void builds_an_abbreviated_id() throws Exception {
    assertThat(built(first.substring(0, 9))).containsEntry("source/file", "file false first");
  }

  @Test
  void builds_with_a_submodule_at_an_older_commit() throws Exception {
    GitRepository app = GitRepository.in(folder.resolve("repositories/app"));
    app.file("Dockerfile", "FROM alpine\n");
    app.file(".gitmodules", "[submodule \"shop\"]\n\tpath = shop\n\turl = ../../shop/.git\n");
    app.git("update-index", "--add", "--cacheinfo", "160000," + first + ",shop");
    app.git("add", ".gitmodules", "Dockerfile");
    app.git("commit", "--quiet", "--message", "with a submodule");

    assertThat(built(base + "/app/.git", "main"))
        .containsEntry("source/shop/file", "file false first");
  }

  @Test
  void says_at_once_that_there_is_no_such_commit() {
    assertThat(refused(base + "/shop/.git", NONE)).isEqualTo(Reason.NO_SUCH_REVISION);
  }

  @Test
  void says_at_once_that_an_empty_repository_has_no_commit() throws Exception {
    GitRepository.in(folder.resolve("repositories/empty"));

    assertThat(refused(base + "/empty/.git", NONE)).isEqualTo(Reason.NO_SUCH_REVISION);
    assertThat(refused(base + "/empty/.git", "main")).isEqualTo(Reason.NO_SUCH_REVISION);
  }

  @Test
  void says_at_once_that_there_is_no_such_repository() {
    assertThat(refused(base + "/none.git", "main")).isEqualTo(Reason.NO_SUCH_REPOSITORY);
  }

  private Reason refused(String url, String revision) {
    return catchThrowableOfType(RejectedException.class, () -> built(url, revision)).reason();
  }

  private Map<String, String> built(String revision) throws Exception {
    return built(base + "/shop/.git", revision);
  }

  private Map<String, String> built(String url, String revision) throws Exception {
    Event<?> told = checkout.run(CheckoutRequests.of(url, revision, "app=.")).events().get(0);
    String key = ((SourceCheckedOut) told.data()).input().sourceKey();
    try (InputStream object = store.open(key).orElseThrow()) {
      return ArchiveReader.entries(object.readAllBytes());
    }
  }
}
