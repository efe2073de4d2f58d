package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.BuildException;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A repository over ssh whose host tells by {@code git-lfs-authenticate} where its LFS server is,
 * as GitHub, GitLab and Gitea do; a small program stands in for theirs. The real git-lfs pushes
 * there, and JGit's LFS server keeps the files.
 */
@Tag("server")
class LfsOverSshTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final String TOKEN = "RemoteAuth 4f2c1e9a";

  @TempDir Path folder;
  private JGitLfsServer lfs;
  private GitSshServer ssh;
  private GitRepository shop;
  private String url;

  @BeforeEach
  void make() throws Exception {
    lfs = JGitLfsServer.start(Files.createDirectories(folder.resolve("lfs")), TOKEN);
    ssh = GitSshServer.start(Files.createDirectories(folder.resolve("bin")));
    ssh.giveKey(folder.resolve("ssh"), "ed25519").giveHostKey(folder.resolve("ssh"));
    shop = GitRepository.in(folder.resolve("shop")).file("Dockerfile", "FROM alpine\n");
    url = ssh.url(shop.folder().resolve(".git"));
    authenticate(
        "{\"href\": \"%s\", \"header\": {\"Authorization\": \"%s\"}, \"expires_in\": 600}"
            .formatted(lfs.url(), TOKEN));
    shop.git("config", "core.sshCommand", sshCommand());
    shop.git("config", "lfs.url", url);
    shop.git("config", "lfs." + lfs.url() + ".locksverify", "false");
    shop.git("config", "lfs.locksverify", "false");
    shop.git("lfs", "install", "--local");
    shop.git("lfs", "track", "*.bin");
    shop.file("model.bin", "weights".repeat(1000)).commit();
    shop.git("lfs", "push", "--all", url);
  }

  @AfterEach
  void close() throws Exception {
    ssh.close();
    lfs.close();
  }

  private String sshCommand() {
    return "ssh -i %s -o UserKnownHostsFile=%s -o IdentitiesOnly=yes"
        .formatted(folder.resolve("ssh/id_ed25519"), folder.resolve("ssh/known_hosts"));
  }

  /** What the host's program says; it keeps what it was asked. */
  private void authenticate(String answer) throws Exception {
    Path program = folder.resolve("bin/git-lfs-authenticate");
    Files.write(
        program,
        List.of(
            "#!/bin/sh",
            "echo \"$@\" >>%s".formatted(folder.resolve("asked")),
            "cat <<'END'",
            answer,
            "END"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void fetches_the_content_with_the_header_that_the_host_gave_out() throws Exception {
    try (CheckoutStep checkout =
        new CheckoutStep(CheckoutRequests.settings(folder), store, Policies.NONE)) {
      String key = key(checkout);

      try (InputStream object = store.open(key).orElseThrow()) {
        assertThat(ArchiveReader.entries(object.readAllBytes()))
            .containsEntry("source/model.bin", "file false " + "weights".repeat(1000));
      }
    }
    assertThat(Files.readAllLines(folder.resolve("asked")))
        .last()
        .isEqualTo(shop.folder().resolve(".git") + " download");
  }

  @Test
  void goes_to_no_lfs_server_of_a_host_that_is_not_allowed() throws Exception {
    authenticate("{\"href\": \"http://169.254.169.254/lfs\"}");

    assertThat(failure(RejectedException.class)).hasMessageContaining("169.254.169.254");
  }

  @Test
  void says_what_it_could_not_read() throws Exception {
    authenticate("Welcome! This host has no LFS.");

    assertThat(failure(BuildException.class)).hasMessageContaining("does not answer in JSON");
  }

  private <T extends Throwable> T failure(Class<T> type) {
    return catchThrowableOfType(
        type,
        () -> {
          try (CheckoutStep checkout =
              new CheckoutStep(CheckoutRequests.settings(folder), store, Policies.NONE)) {
            key(checkout);
          }
        });
  }

  private String key(CheckoutStep checkout) throws Exception {
    return ((SourceCheckedOut)
            checkout.run(CheckoutRequests.of(url, "main", "app=.")).events().get(0).data())
        .input()
        .sourceKey();
  }
}
