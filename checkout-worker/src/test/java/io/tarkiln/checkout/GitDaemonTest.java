package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.git.cache.FetchFixture;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git's own protocol, without http or ssh around it. */
@Tag("server")
class GitDaemonTest {
  @TempDir Path folder;
  private GitRepository repository;
  private GitDaemon daemon;

  @BeforeEach
  void make() throws Exception {
    repository = GitRepository.in(folder.resolve("repositories/shop"));
    repository.file("Dockerfile", "FROM alpine\n").file("file", "one\n").commit();
    daemon = GitDaemon.start(folder.resolve("repositories"));
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void gives_out_a_commit_without_its_files_and_then_the_files() throws Exception {
    repository.file("file", "two\n").commit();
    ObjectId file = ObjectId.fromString(repository.git("rev-parse", "HEAD:file"));
    ObjectId parent = ObjectId.fromString(repository.git("rev-parse", "HEAD~1"));

    try (FetchFixture fetching =
        new FetchFixture(CheckoutRequests.settings(folder), daemon.url("shop/.git"))) {
      ObjectId commit = fetching.fetch("main");

      assertThat(commit.name()).isEqualTo(repository.git("rev-parse", "HEAD"));
      assertThat(has(fetching, file)).isFalse();
      assertThat(has(fetching, parent)).isFalse();
      fetching.repository().fetchFiles(commit, Set.of(file));
      assertThat(has(fetching, file)).isTrue();
    }
  }

  private static boolean has(FetchFixture fetching, ObjectId id) throws Exception {
    return fetching.repository().repository().getObjectDatabase().has(id);
  }

  @Test
  void says_that_there_is_no_repository() {
    RejectedException refused = rejected(CheckoutRequests.settings(folder), daemon.url("none.git"));

    assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
  }

  @Test
  void is_spoken_to_only_where_hosts_without_tls_are_allowed() {
    GitSettings settings =
        CheckoutRequests.with(
            CheckoutRequests.settings(folder),
            new GitSettings.Reach(Set.of(), Set.of(), false, true));

    RejectedException refused = rejected(settings, daemon.url("shop/.git"));

    assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refused).hasMessageContaining("TARKILN_GIT_PLAIN_HTTP_HOSTS");
  }

  private static RejectedException rejected(GitSettings settings, String url) {
    return catchThrowableOfType(
        RejectedException.class,
        () -> {
          try (FetchFixture fetching = new FetchFixture(settings, url)) {
            fetching.fetch("main");
          }
        });
  }
}
