package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files, and much history; more of it with {@code -Dtarkiln.history-mib=2048}. */
@Tag("server")
class LargeRepositoryTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final int FILES = 50_000;
  private static final int COMMITS = 8;
  private static final int HISTORY_MIB = Integer.getInteger("tarkiln.history-mib", 32);

  private static final long MUCH = 10L << 30;
  private static final GitSettings.Limits LIMITS =
      new GitSettings.Limits(
          Duration.ofMinutes(5), Duration.ofHours(1), MUCH, 5, MUCH, 2 * FILES, MUCH);

  @TempDir private Path folder;
  private GitHttpServer server;
  private GitRepository repository;
  private CheckoutStep checkout;

  @BeforeEach
  void make() throws Exception {
    server = GitHttpServer.plain(folder.resolve("repositories"));
    repository = GitRepository.in(folder.resolve("repositories/large"));
    GitSettings settings = CheckoutRequests.with(CheckoutRequests.settings(folder), LIMITS);
    checkout = new CheckoutStep(settings, store, Policies.NONE);
  }

  @AfterEach
  void close() {
    checkout.close();
    server.close();
  }

  @Test
  void fifty_thousand_files_are_all_in_the_archive() throws Exception {
    StringBuilder commit =
        new StringBuilder(
            "commit refs/heads/main\ncommitter T <t@example.com> 1 +0000\ndata 1\nx\n");
    commit.append("M 100644 inline Dockerfile\ndata 12\nFROM alpine\n\n");
    for (int i = 0; i < FILES; i++) {
      String text = Integer.toString(i);
      commit.append(
          "M 100644 inline d%d/f%d.txt\ndata %d\n%s\n".formatted(i % 300, i, text.length(), text));
    }
    fastImport(commit.toString());

    Map<String, String> entries;
    try (InputStream archive = archive()) {
      entries = ArchiveReader.entries(archive.readAllBytes());
    }

    assertThat(entries.values().stream().filter(kind -> kind.startsWith("file")))
        .hasSize(FILES + 1);
    assertThat(entries).containsEntry("source/d7/f31207.txt", "file false 31207");
  }

  @Test
  void the_blobs_of_earlier_commits_are_not_fetched() throws Exception {
    repository.git("config", "core.compression", "0");
    repository.file("Dockerfile", "FROM alpine\n");
    long each = (long) HISTORY_MIB / COMMITS << 20;
    for (int i = 0; i < COMMITS; i++) {
      noise(repository.folder().resolve("blob.bin"), each, i);
      repository.commit();
    }

    long bytes = 0;
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(archive()))) {
      for (TarArchiveEntry file = tar.getNextEntry(); file != null; file = tar.getNextEntry()) {
        bytes += file.getSize();
      }
    }

    assertThat(bytes).isEqualTo(each + "FROM alpine\n".length());
    assertThat(server.bytes()).isBetween(each, each + each / 2);
  }

  private InputStream archive() throws Exception {
    SourceCheckedOut checkedOut =
        (SourceCheckedOut)
            checkout
                .run(CheckoutRequests.of(server.url("large/.git"), "main", "app=."))
                .events()
                .get(0)
                .data();
    return store.open(checkedOut.input().sourceKey()).orElseThrow();
  }

  /** What does not compress. */
  private static void noise(Path file, long size, int seed) throws Exception {
    Random random = new Random(seed);
    byte[] piece = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < size; written += piece.length) {
        random.nextBytes(piece);
        out.write(piece);
      }
    }
  }

  private void fastImport(String commands) throws Exception {
    repository.git(commands.getBytes(UTF_8), "fast-import", "--quiet");
  }
}
