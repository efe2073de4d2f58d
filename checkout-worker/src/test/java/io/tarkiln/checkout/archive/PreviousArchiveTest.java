package io.tarkiln.checkout.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.checkout.CheckoutRequests;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.git.tree.HeadTree;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.testkit.GitRepository;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive that is made with the help of the one before is the one that is made without. */
@Tag("server")
class PreviousArchiveTest {
  private static final long MAX = 1 << 30;
  private static final GitSettings.Limits LIMITS =
      new GitSettings.Limits(
          CheckoutRequests.LIMITS.silence(),
          CheckoutRequests.LIMITS.fetchTime(),
          1 << 30,
          5,
          1 << 30,
          100_000,
          1 << 30);

  @TempDir Path folder;
  private final Random random = new Random(7);
  private GitRepository repository;
  private Path place;

  /**
   * @param copied bytes that were there before
   */
  private record Made(byte[] bytes, long copied) {}

  @BeforeEach
  void make() throws Exception {
    place = folder.resolve("kept");
    repository = GitRepository.in(folder.resolve("shop")).file("Dockerfile", "FROM alpine\n");
    for (int file = 0; file < 300; file++) {
      repository.file("f" + file % 7 + "/file" + file, text(random.nextInt(20_000)));
    }
    repository.file("large", text(3 * GzipMembers.MAX_LENGTH / 2)).link("link", "large");
    repository.commit();
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(Integer.toHexString(random.nextInt(1 << 12))).append(' ');
    }
    return text.toString();
  }

  @Test
  void is_copied_but_for_what_has_changed() throws Exception {
    made();

    for (int commit = 0; commit < 6; commit++) {
      String path = "f" + random.nextInt(7) + "/file" + random.nextInt(400);
      repository.file(path, text(random.nextInt(20_000))).commit();
      Made next = made();

      assertThat(next.bytes()).isEqualTo(fresh());
      assertThat(next.copied()).isGreaterThan(next.bytes().length / 2);
    }
  }

  @Test
  void is_right_whatever_became_of_the_one_before() throws Exception {
    byte[] right = made().bytes();

    for (int round = 0; round < 18; round++) {
      byte[] kept = Files.readAllBytes(place);
      switch (round % 3) {
        case 0 -> kept[random.nextInt(kept.length)] ^= (byte) (1 + random.nextInt(255));
        case 1 -> kept[kept.length - 1 - random.nextInt(2000)] ^= (byte) (1 << random.nextInt(8));
        default -> kept = Arrays.copyOf(kept, random.nextInt(kept.length));
      }
      Files.write(place, kept);

      assertThat(made().bytes()).as("round " + round).isEqualTo(right);
    }
  }

  @Test
  void has_the_beginning_of_an_archive_that_is_too_long_to_keep() throws Exception {
    made(200_000);
    Made next = made();

    assertThat(next.bytes()).isEqualTo(fresh());
    assertThat(next.copied()).isPositive().isLessThanOrEqualTo(200_000);
  }

  @Test
  void leaves_nothing_of_an_archive_that_broke_off() throws Exception {
    try (ArchiveRecorder keeper = ArchiveRecorder.in(place, MAX)) {
      keeper.write(new byte[100], 0, 100);
      keeper.end("part");
    }

    assertThat(folder).isDirectoryNotContaining(file -> Files.isRegularFile(file));
  }

  @Test
  void is_no_failure_where_the_disk_takes_nothing() throws Exception {
    Path nowhere = folder.resolve("no such folder/kept");

    try (ArchiveRecorder keeper = ArchiveRecorder.in(nowhere, MAX)) {
      keeper.write(1);
      keeper.end("part");
      keeper.complete();
    }

    assertThat(nowhere).doesNotExist();
  }

  private byte[] fresh() throws Exception {
    return archive(PreviousArchive.none(), ArchiveRecorder.none());
  }

  private Made made() throws Exception {
    return made(MAX);
  }

  private Made made(long most) throws Exception {
    try (PreviousArchive before = PreviousArchive.in(place);
        ArchiveRecorder keeper = ArchiveRecorder.in(place, most)) {
      byte[] bytes = archive(before, keeper);
      keeper.complete();
      return new Made(bytes, before.copied());
    }
  }

  private byte[] archive(PreviousArchive before, ArchiveRecorder keeper) throws Exception {
    return HeadTree.use(
        repository,
        tree -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          ContextArchive.write(
              PrunedTree.of(tree, ".", "Dockerfile", LIMITS.sourceFiles()),
              LIMITS,
              Map.of(),
              new GzipMembers(bytes, before, keeper));
          return bytes.toByteArray();
        });
  }
}
