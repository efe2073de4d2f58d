package io.tarkiln.git.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.checkout.CheckoutRequests;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class CachedRepositoryTest {
  private static final int OPENINGS = Integer.getInteger("tarkiln.openings", 500);
  private static final int READERS = 4;

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newFixedThreadPool(READERS);
  private GitRepository shop;
  private ObjectId commit;
  private Path copy;

  @BeforeEach
  void fetch() throws Exception {
    shop = GitRepository.in(folder.resolve("shop")).file("Dockerfile", "FROM alpine\n").committed();
    try (FetchFixture fetching = open()) {
      commit = fetching.fetch("main");
      copy = fetching.repository().folder();
    }
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private FetchFixture open() throws Exception {
    return new FetchFixture(CheckoutRequests.settings(folder), shop.url());
  }

  @Test
  void is_read_by_many_as_soon_as_it_is_open() throws Exception {
    String root = shop.git("rev-parse", "HEAD^{tree}");
    for (int opening = 0; opening < OPENINGS; opening++) {
      CyclicBarrier together = new CyclicBarrier(READERS);
      try (FetchFixture fetching = open()) {
        List<Future<ObjectId>> trees = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
          trees.add(
              threads.submit(
                  () -> {
                    together.await();
                    try (RevWalk walk = new RevWalk(fetching.repository().repository())) {
                      return walk.parseCommit(commit).getTree().getId();
                    }
                  }));
        }
        for (Future<ObjectId> tree : trees) {
          assertThat(tree.get().name()).isEqualTo(root);
        }
      }
    }
  }

  @Test
  void knows_where_its_history_is_cut_before_anyone_reads_it() throws Exception {
    Files.writeString(copy.resolve("shallow"), "no id\n");

    assertThatThrownBy(this::open)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("broken");

    try (FetchFixture again = open()) {
      assertThat(again.fetch("main")).isEqualTo(commit);
    }
  }
}
