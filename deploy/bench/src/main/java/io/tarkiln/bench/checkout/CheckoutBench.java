package io.tarkiln.bench.checkout;

import io.tarkiln.bench.Paired;
import io.tarkiln.bench.Timing;
import io.tarkiln.build.BuildId;
import io.tarkiln.checkout.CheckoutStep;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.policy.Policies;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Times the checkout-worker's core, warm as in the running service, against a clone by the real
 * git. Both fetch over http from {@code git http-backend} and store in the same S3 server.
 */
public final class CheckoutBench {
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final int COMMITS = 200;

  private final Path folder;
  private final ObjectStore store;
  private final GitHttpServer git;
  private final List<String> chosen;
  private int caches;

  private CheckoutBench(Path folder, ObjectStore store, GitHttpServer git, List<String> chosen) {
    this.folder = folder;
    this.store = store;
    this.git = git;
    this.chosen = chosen;
  }

  /**
   * Runs the cases that begin with one of the words, or all, and prints a table; with {@code
   * sequence}, 200 commits one after another.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("tarkiln-bench");
    try (S3Server s3 = S3Server.start(folder.resolve("s3"), "127.0.0.1", 0);
        ObjectStore store = ObjectStore.connect(Settings.of(s3.variables()));
        GitHttpServer git = GitHttpServer.plain(folder.resolve("repositories"))) {
      store.createBucket();
      new CheckoutBench(folder, store, git, List.of(arguments)).all();
    }
    System.exit(0);
  }

  private void all() throws Exception {
    if (chosen.contains("sequence")) {
      sequence();
      return;
    }
    System.out.printf(
        "%-42s %10s %10s %8s %12s %9s%n",
        "case", "clone+tar", "checkout", "ratio", "fetched", "target");
    BenchRepository shop = BenchRepository.in(folder.resolve("repositories/shop"), 5, 1000);
    first();
    nextCommit(shop, "next commit, one file changed, all of it", ".", 5);
    nextCommit(shop, "next commit, its service of 25 MB", "services/s0", 5);
    again();
    BenchRepository.in(folder.resolve("repositories/mono"), 40, 250);
    service();
  }

  /** Whether builds become slower as the cache of a repository fills with small packs. */
  private void sequence() throws Exception {
    BenchRepository shop = BenchRepository.in(folder.resolve("repositories/shop"), 5, 200);
    try (CheckoutStep checkout = checkout()) {
      build(checkout, "shop", ".");
      System.out.printf("%-12s %10s %10s%n", "commits", "median", "packs");
      List<Long> times = new ArrayList<>();
      for (int commit = 1; commit <= COMMITS; commit++) {
        shop.change();
        long start = System.nanoTime();
        build(checkout, "shop", ".");
        times.add(System.nanoTime() - start);
        if (commit % 50 == 0) {
          times.sort(null);
          long packs;
          try (Stream<Path> files = Files.walk(folder)) {
            packs =
                files
                    .filter(file -> file.toString().contains("/cache"))
                    .filter(file -> file.toString().endsWith(".pack"))
                    .count();
          }
          System.out.printf(
              "%3d to %-5d %7d ms %10d%n",
              commit - 49, commit, times.get(times.size() / 2) / 1_000_000, packs);
          times.clear();
        }
      }
    }
  }

  private void first() throws Exception {
    row("first build of a 125 MB repository", 1, clone("shop", "."), fresh("shop", "."));
  }

  /** A build that finds nothing in cache and S3. */
  private Paired.Way fresh(String repository, String context) {
    return new Paired.Way() {
      private CheckoutStep checkout;

      @Override
      public void prepare() throws Exception {
        forget();
        checkout = checkout();
      }

      @Override
      public void run() throws Exception {
        build(checkout, repository, context);
        checkout.close();
      }
    };
  }

  private void nextCommit(BenchRepository shop, String name, String context, int target)
      throws Exception {
    try (CheckoutStep checkout = checkout()) {
      build(checkout, "shop", context);
      row(
          name,
          target,
          clone("shop", context),
          new Paired.Way() {
            @Override
            public void prepare() throws Exception {
              shop.change();
            }

            @Override
            public void run() throws Exception {
              build(checkout, "shop", context);
            }
          });
    }
  }

  private void again() throws Exception {
    try (CheckoutStep checkout = checkout()) {
      build(checkout, "shop", ".");
      row("same commit again", 20, clone("shop", "."), () -> build(checkout, "shop", "."));
    }
  }

  private void service() throws Exception {
    row(
        "one service (6 MB) of a 250 MB monorepo",
        5,
        clone("mono", "services/s7"),
        fresh("mono", "services/s7"));
  }

  private void row(String name, int target, Paired.Way clone, Paired.Way ours) throws Exception {
    if (!chosen.isEmpty() && chosen.stream().noneMatch(name::startsWith)) {
      return;
    }
    long[] fetched = new long[1];
    Paired.Way counted =
        new Paired.Way() {
          @Override
          public void prepare() throws Exception {
            ours.prepare();
            git.bytes();
          }

          @Override
          public void run() throws Exception {
            ours.run();
            fetched[0] = git.bytes();
          }
        };
    List<Timing> times =
        new Paired().way("clone", clone).way("checkout-worker", counted).rounds(ROUNDS);
    System.out.printf(
        "%-42s %7d ms %7d ms %7.1fx %9d kB %8dx%n",
        name,
        times.get(0).median().toMillis(),
        times.get(1).median().toMillis(),
        times.get(1).fasterThan(times.get(0)),
        fetched[0] / 1000,
        target);
  }

  private Paired.Way clone(String repository, String context) {
    CloneAndTar clone =
        new CloneAndTar(store, git.url(repository + "/.git"), folder.resolve("clone"), context);
    return new Paired.Way() {
      @Override
      public void prepare() throws Exception {
        clone.clean();
      }

      @Override
      public void run() throws Exception {
        clone.run();
      }
    };
  }

  /** Removes all sources from S3. */
  private void forget() throws Exception {
    for (String key : store.list("sources/")) {
      store.delete(key);
    }
  }

  private CheckoutStep checkout() throws Exception {
    Map<String, String> variables = new HashMap<>();
    variables.put("TARKILN_GIT_CACHE", folder.resolve("cache" + caches++).toString());
    variables.put("TARKILN_GIT_PLAIN_HTTP_HOSTS", "127.0.0.1");
    return new CheckoutStep(GitSettings.of(Settings.of(variables)), store, Policies.NONE);
  }

  private void build(CheckoutStep checkout, String repository, String context) throws Exception {
    BuildRequested.RequestedService service =
        new BuildRequested.RequestedService(
            "app", context, null, Map.of(), Optional.empty(), Optional.empty());
    checkout.run(
        Event.first(
            BuildId.next(),
            "bench",
            new BuildRequested(
                "bench",
                "1",
                List.of(),
                new BuildRequested.Source(git.url(repository + "/.git"), "main"),
                List.of(service),
                true,
                true)));
  }
}
