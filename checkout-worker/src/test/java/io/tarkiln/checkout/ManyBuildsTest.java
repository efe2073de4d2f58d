package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.samples.TestS3;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ContextListing;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.OtherJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty builds of five repositories at once in a process with 256 MB of heap, and processes that
 * are killed in the midst of that. {@code -Dtarkiln.kill.rounds=20} does it longer.
 */
@Tag("server")
class ManyBuildsTest {
  private static final int BUILDS = 50;
  private static final int REPOSITORIES = 5;
  private static final int BYTES = 3_000_000;
  private static final int ROUNDS = Integer.getInteger("tarkiln.kill.rounds", 2);

  @TempDir Path folder;
  private final List<GitRepository> repositories = new ArrayList<>();
  private final List<String> urls = new ArrayList<>();
  private GitHttpServer git;
  private final Map<String, String> bucket = TestS3.newBucket();
  private final ObjectStore store = ObjectStore.connect(Settings.of(bucket));

  @BeforeEach
  void make() throws Exception {
    git = GitHttpServer.plain(folder.resolve("repositories"));
    Random random = new Random(11);
    for (int i = 0; i < REPOSITORIES; i++) {
      GitRepository repository = GitRepository.in(folder.resolve("repositories/r" + i));
      repository.file("Dockerfile", "FROM alpine\n").file("a/number", i + "\n");
      for (int file = 0; file < 3; file++) {
        byte[] noise = new byte[BYTES / 10 / 3];
        random.nextBytes(noise);
        Files.write(repository.folder().resolve("a/noise" + file), noise);
      }
      repository.commit();
      repositories.add(repository);
      urls.add(git.url("r" + i + "/.git"));
    }
    git.bytes();
  }

  @AfterEach
  void close() throws Exception {
    git.close();
  }

  @Test
  void builds_fifty_at_once_and_fetches_each_pack_once() throws Exception {
    String said = whatIsSaidBy(start());

    assertThat(said).contains("all done");
    assertThat(store.list("sources/")).hasSize(2 * REPOSITORIES);
    assertThat(git.bytes()).isLessThan(REPOSITORIES * (BYTES / 10 + 50_000L));
    allIsRight();
  }

  @Test
  void is_never_wrong_after_it_was_killed() throws Exception {
    Random random = new Random();
    for (int round = 0; round < ROUNDS; round++) {
      Process process = start();
      process.waitFor(500 + random.nextInt(3000), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      rightIsWhatIsThere();
      for (String key : store.list("sources/")) {
        store.delete(key);
      }
    }

    assertThat(whatIsSaidBy(start())).contains("all done");
    allIsRight();
  }

  private void allIsRight() throws Exception {
    assertThat(store.list("sources/")).hasSize(2 * REPOSITORIES);
    rightIsWhatIsThere();
  }

  /**
   * Each archive that is there is what {@code git archive} makes of the tree it is named for, and
   * each list is what {@code git ls-tree} says of it.
   */
  private void rightIsWhatIsThere() throws Exception {
    for (GitRepository repository : repositories) {
      String key = "sources/shop/%s.tar.gz".formatted(repository.git("rev-parse", "HEAD^{tree}"));
      if (store.exists(key)) {
        Path tar = folder.resolve("expected.tar");
        repository.git("archive", "--prefix=source/", "--output=" + tar, "HEAD");
        try (InputStream object = store.open(key).orElseThrow()) {
          assertThat(ArchiveReader.entries(object.readAllBytes()))
              .isEqualTo(ArchiveReader.entries(gzipped(tar)));
        }
      }
      if (store.exists(ObjectKeys.sourceFiles(key))) {
        try (InputStream object = store.open(ObjectKeys.sourceFiles(key)).orElseThrow()) {
          assertThat(ContextListing.read(object))
              .extracting(
                  file -> "%o blob %s\t%s".formatted(file.mode(), file.objectId(), file.path()))
              .containsExactlyElementsOf(repository.git("ls-tree", "-r", "HEAD").lines().toList());
        }
      }
    }
  }

  private static byte[] gzipped(Path tar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      Files.copy(tar, gzip);
    }
    return bytes.toByteArray();
  }

  /** All that the process says until it ends; where its threads are, too, if it does not. */
  private String whatIsSaidBy(Process process) throws Exception {
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
      process.waitFor(10, TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
    }
    return Files.readString(said());
  }

  private Path said() {
    return folder.resolve("said");
  }

  private Process start() throws IOException {
    List<String> command =
        OtherJvm.command(
            CheckoutProcess.class,
            List.of("-Xmx256m"),
            folder.resolve("worker").toString(),
            Integer.toString(BUILDS));
    command.addAll(urls);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(said().toFile());
    builder.environment().putAll(bucket);
    return builder.start();
  }
}
