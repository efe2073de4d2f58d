package io.tarkiln.git.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCacheTest {
  @TempDir Path folder;

  private static void use(DiskCache cache, String name) throws Exception {
    Path place = cache.acquire(name);
    if (!Files.exists(place)) {
      Files.createDirectories(place);
      Files.write(place.resolve("data"), new byte[1000]);
    }
    cache.release(name);
  }

  @Test
  void drops_what_was_used_longest_ago_and_nothing_in_use() throws Exception {
    try (DiskCache cache = DiskCache.below(folder, 3000)) {
      Path busy = cache.acquire("busy");
      Files.createDirectories(busy);
      for (String name : List.of("a", "b", "a", "c", "d")) {
        use(cache, name);
      }

      assertThat(names()).containsExactly("a", "busy", "c", "d");
      use(cache, "e");
      assertThat(names()).containsExactly("busy", "c", "d", "e");
      assertThat(cache.bytes()).isLessThanOrEqualTo(3000);
    }
  }

  @Test
  void lets_nobody_in_while_those_who_are_in_use_all_the_room() throws Exception {
    try (DiskCache cache = DiskCache.below(folder, 3000)) {
      use(cache, "unused");
      Path busy = Files.createDirectories(cache.acquire("busy"));
      Files.write(busy.resolve("pack"), new byte[3000]);
      cache.admit();
      Files.write(busy.resolve("another"), new byte[1]);

      assertThatThrownBy(cache::admit)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("TARKILN_GIT_CACHE_BYTES");

      cache.release("busy");
      cache.admit();
    }
  }

  @Test
  void gives_each_process_a_folder_and_takes_over_that_of_a_dead_one() throws Exception {
    try (DiskCache first = DiskCache.below(folder, 3000);
        DiskCache second = DiskCache.below(folder, 3000)) {
      assertThat(second.acquire("x").getParent()).isNotEqualTo(first.acquire("x").getParent());
      use(first, "kept");
    }
    Path left = folder.resolve("0/kept");
    Files.createDirectories(left.resolve("objects"));
    Files.createFile(left.resolve("shallow.lock"));
    Files.createFile(left.resolve("objects/incoming_1.pack"));
    Files.createFile(folder.resolve("0/x.part"));
    Files.createDirectories(folder.resolve("0/trash-1/deep"));

    try (DiskCache next = DiskCache.below(folder, 3000)) {
      assertThat(next.acquire("kept").resolve("data")).exists();
      assertThat(left.resolve("shallow.lock")).doesNotExist();
      assertThat(left.resolve("objects/incoming_1.pack")).doesNotExist();
      assertThat(names()).containsExactly("kept");
    }
  }

  @Test
  void counts_what_another_user_changes_meanwhile() throws Exception {
    try (DiskCache cache = DiskCache.below(folder, 1 << 20)) {
      Path place = Files.createDirectories(cache.acquire("repository"));
      cache.acquire("repository");
      AtomicBoolean fetching = new AtomicBoolean(true);
      Thread fetch =
          new Thread(
              () -> {
                while (fetching.get()) {
                  for (int pack = 0; pack < 20; pack++) {
                    Path objects = place.resolve("objects-" + pack);
                    objects.toFile().mkdir();
                    objects.resolve("incoming").toFile().mkdir();
                    objects.resolve("incoming").toFile().delete();
                    objects.toFile().delete();
                  }
                }
              });
      fetch.start();
      try {
        for (int time = 0; time < 1000; time++) {
          cache.acquire("repository");
          cache.release("repository");
        }
      } finally {
        fetching.set(false);
        fetch.join();
      }
      Files.write(place.resolve("pack"), new byte[1000]);
      cache.release("repository");
      assertThat(cache.bytes()).isEqualTo(1000);
    }
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("0"))) {
      return files
          .map(each -> each.getFileName().toString())
          .filter(name -> !name.equals("claim"))
          .sorted()
          .toList();
    }
  }
}
