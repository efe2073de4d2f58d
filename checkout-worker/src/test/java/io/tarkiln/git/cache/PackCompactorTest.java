package io.tarkiln.git.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.checkout.CheckoutRequests;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class PackCompactorTest {
  private static final int MAX = 6;
  private static final int COMMITS = 12;

  @TempDir Path folder;
  private final Map<ObjectId, String> files = new HashMap<>();
  private final Random random = new Random(5);
  private GitRepository shop;

  @BeforeEach
  void make() throws Exception {
    shop = GitRepository.in(folder.resolve("shop")).file("Dockerfile", "FROM alpine\n");
    shop.file("large", Long.toHexString(random.nextLong()).repeat(10_000)).commit();
  }

  /** Fetches a commit, and the file in which it differs. */
  private void fetchNext(FetchFixture fetching) throws Exception {
    String text = "number " + random.nextInt() + "\n" + "same line\n".repeat(200);
    shop.file("file", text).commit();
    ObjectId id = ObjectId.fromString(shop.git("rev-parse", "HEAD:file"));
    fetching.repository().fetchFiles(fetching.fetch("main"), Set.of(id));
    files.put(id, text);
  }

  @Test
  void stay_few_and_lose_nothing_while_others_read() throws Exception {
    try (FetchFixture fetching = new FetchFixture(CheckoutRequests.settings(folder), shop.url())) {
      Repository repository = fetching.repository().repository();
      ObjectId large = ObjectId.fromString(shop.git("rev-parse", "HEAD:large"));
      fetching.repository().fetchFiles(fetching.fetch("main"), Set.of(large));
      try (ObjectReader reader = repository.newObjectReader()) {
        for (int commit = 0; commit < COMMITS; commit++) {
          fetchNext(fetching);
          new PackCompactor(repository).tidy(MAX);

          assertThat(packs(repository)).hasSizeLessThanOrEqualTo(MAX);
          assertAllAreThere(reader);
        }
      }
    }
    // As another process finds it.
    try (FetchFixture again = new FetchFixture(CheckoutRequests.settings(folder), shop.url());
        ObjectReader reader = again.repository().repository().newObjectReader()) {
      assertAllAreThere(reader);
    }
  }

  @Test
  void are_right_after_a_process_died_before_it_removed_the_old_ones() throws Exception {
    try (FetchFixture fetching = new FetchFixture(CheckoutRequests.settings(folder), shop.url())) {
      Repository repository = fetching.repository().repository();
      for (int commit = 0; commit < MAX; commit++) {
        fetchNext(fetching);
      }
      Map<Path, byte[]> old = new HashMap<>();
      for (Path file : all(repository)) {
        old.put(file, Files.readAllBytes(file));
      }
      new PackCompactor(repository).tidy(MAX);
      for (Map.Entry<Path, byte[]> each : old.entrySet()) {
        Files.write(each.getKey(), each.getValue());
      }
    }

    try (FetchFixture again = new FetchFixture(CheckoutRequests.settings(folder), shop.url())) {
      Repository repository = again.repository().repository();
      for (int time = 0; time < 3; time++) {
        new PackCompactor(repository).tidy(MAX);
        try (ObjectReader reader = repository.newObjectReader()) {
          assertAllAreThere(reader);
        }
      }
      assertThat(packs(repository)).hasSizeLessThanOrEqualTo(MAX);
    }
  }

  private void assertAllAreThere(ObjectReader reader) throws Exception {
    for (Map.Entry<ObjectId, String> each : files.entrySet()) {
      assertThat(new String(reader.open(each.getKey()).getBytes())).isEqualTo(each.getValue());
    }
  }

  private static List<Path> packs(Repository repository) throws Exception {
    return all(repository).stream().filter(file -> file.toString().endsWith(".pack")).toList();
  }

  private static List<Path> all(Repository repository) throws Exception {
    try (Stream<Path> files =
        Files.list(repository.getDirectory().toPath().resolve("objects/pack"))) {
      return new ArrayList<>(files.toList());
    }
  }
}
