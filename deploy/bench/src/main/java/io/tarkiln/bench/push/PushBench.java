package io.tarkiln.bench.push;

import io.tarkiln.bench.BenchFolders;
import io.tarkiln.bench.Paired;
import io.tarkiln.bench.Timing;
import io.tarkiln.bench.push.Pushing.Job;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.TcpRelay;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs all ways in all cases and prints a table. */
public final class PushBench {
  static final String BUCKET = "tarkiln-bench";
  private static final long MEBIBYTE = 1 << 20;
  private static final long MAX_BYTES = 12L << 30;

  /** Pushes of a small image before anything is timed: the service has been running for a while. */
  private static final int WARMING = 100;

  private final MinioServer s3;
  private final RegistryServer registry;
  private final PusherInProcess service;
  private final List<Pushing> ways;
  private final BenchTar tars;
  private final PrintStream out = System.out;
  private int repositories;

  private PushBench(MinioServer s3, RegistryServer registry, Path folder) throws Exception {
    this.s3 = s3;
    this.registry = registry;
    this.service = new PusherInProcess(s3.variables());
    this.ways = ways(folder, s3.variables(), service);
    this.tars = new BenchTar(folder);
  }

  /** Arguments: rounds (5), then the sizes to try (93 1024), in MiB. */
  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    List<Integer> sizes =
        arguments.length > 1
            ? Stream.of(arguments).skip(1).map(Integer::valueOf).toList()
            : List.of(93, 1024);
    Path folder = BenchFolders.inMemory("tarkiln-bench-push", MAX_BYTES);
    try (MinioServer s3 = MinioServer.start(GoTools.provide("minio"), folder.resolve("s3"));
        RegistryServer registry =
            RegistryServer.start(
                folder.resolve("registry"), "127.0.0.1", RegistryServer.Options.PLAIN)) {
      PushBench bench = new PushBench(s3, registry, folder);
      bench.warmUp();
      for (int size : sizes) {
        bench.run(size, rounds);
      }
      bench.service.close();
    } finally {
      BenchFolders.delete(folder);
    }
    System.exit(0); // idle pool threads of the S3 client
  }

  private static List<Pushing> ways(
      Path folder, Map<String, String> account, PusherInProcess service) throws Exception {
    Path crane = GoTools.provide("crane");
    Path file = folder.resolve("downloaded.tar");
    List<Pushing> ways = new ArrayList<>();
    ways.add(
        new DownloadAndPush(
            "(a) get + crane",
            account,
            file,
            (image, tar) ->
                List.of(crane.toString(), "push", "--insecure", tar.toString(), image)));
    if (Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(path -> Files.isExecutable(Path.of(path, "skopeo")))) {
      ways.add(
          new DownloadAndPush(
              "(b) get + skopeo",
              account,
              file,
              (image, tar) ->
                  List.of(
                      "skopeo",
                      "--insecure-policy",
                      "copy",
                      "--quiet",
                      "--dest-tls-verify=false",
                      "docker-archive:" + tar,
                      "docker://" + image)));
    }
    ways.add(new OurCommand("(c) command", GoTools.home().resolve("deploy/tarkiln"), account));
    ways.add(service);
    return ways;
  }

  private void warmUp() throws Exception {
    List<BenchTar.Layer> layers =
        List.of(new BenchTar.Layer(1, 4), new BenchTar.Layer(2, 2), new BenchTar.Layer(3, 1));
    Files.delete(store("warm/image.tar", layers).file());
    Files.delete(store("warm/base.tar", layers.subList(0, 1)).file());
    push(new Job("warm/base.tar", "base/warm"));
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < WARMING; i++) {
      Job job = new Job("warm/image.tar", "bench/warm" + i);
      long start = System.nanoTime();
      service.push(s3.endpoint(), registry.address(), job, List.of("base/warm"));
      times.add(Duration.ofNanos(System.nanoTime() - start));
    }
    out.printf(
        "%d pushes to warm the service up: the first took %s, the last %s%n",
        WARMING, seconds(times.get(0)), seconds(times.get(WARMING - 1)));
  }

  /**
   * Three quarters of a tar are its base, in one layer; then come one of a fifth and a small one.
   */
  private void run(int mebibytes, int rounds) throws Exception {
    String size = mebibytes + "m";
    BenchTar.Layer base = new BenchTar.Layer(mebibytes, mebibytes * 3 / 4);
    BenchTar.Layer middle = new BenchTar.Layer(mebibytes + 1, mebibytes / 5);
    BenchTar.Written image =
        store(size + "/image.tar", List.of(base, middle, new BenchTar.Layer(mebibytes + 2, 3)));
    store(size + "/before.tar", List.of(base, middle, new BenchTar.Layer(mebibytes + 3, 3)));
    store(size + "/base.tar", List.of(base));
    push(new Job(size + "/base.tar", "base/" + size));
    for (PushCase each : PushCase.all(size)) {
      out.printf("%n%s, tar of %s, %d rounds%n", each.name(), megabytes(image.size()), rounds);
      out.printf(
          "%-17s %8s %8s %8s  %6s  %10s %12s %9s%n",
          "way", "least", "median", "most", "ratio", "from S3", "to registry", "memory");
      print(each, new Job(size + "/image.tar", ""), rounds);
    }
    Files.delete(image.file());
  }

  private BenchTar.Written store(String key, List<BenchTar.Layer> layers) throws Exception {
    BenchTar.Written tar = tars.write(key.replace('/', '-'), layers);
    ObjectStore store = service.store(s3.endpoint());
    store.createBucket();
    try (ObjectUpload upload = store.upload(key)) {
      Files.copy(tar.file(), upload);
      upload.complete();
    }
    return tar;
  }

  private void print(PushCase each, Job tar, int rounds) throws Exception {
    Paired paired = new Paired();
    for (Pushing way : ways) {
      paired.way(
          way.name(),
          new Paired.Way() {
            private Job job = tar;

            @Override
            public void prepare() throws Exception {
              job = fresh(each, tar);
            }

            @Override
            public void run() throws Exception {
              way.push(s3.endpoint(), registry.address(), job, each.mountFrom());
            }
          });
    }
    List<Timing> times = paired.rounds(rounds);
    for (int i = 0; i < ways.size(); i++) {
      print(times.get(i), times.get(0), counted(ways.get(i), each, tar));
    }
    double ratio = times.get(times.size() - 1).fasterThan(times.get(0));
    if (each.target() > 0) {
      out.printf(
          "service: %.1f times faster, target %.1f: %s%n",
          ratio, each.target(), ratio >= each.target() ? "met" : "MISSED");
    }
  }

  private record Counted(long fromS3, long toRegistry, long memory) {}

  /** Once more, not timed, through relays that count. */
  private Counted counted(Pushing way, PushCase each, Job tar) throws Exception {
    Job job = fresh(each, tar);
    try (TcpRelay toS3 = TcpRelay.to(s3.endpoint().getAuthority());
        TcpRelay toRegistry = TcpRelay.to(registry.address())) {
      long memory =
          way.peak(
              URI.create("http://" + toS3.address()), toRegistry.address(), job, each.mountFrom());
      return new Counted(toS3.down(), toRegistry.up(), memory);
    }
  }

  /** A repository of its own for each push, with what the case says is there. */
  private Job fresh(PushCase each, Job tar) throws Exception {
    Job job = new Job(tar.key(), "bench/run" + repositories++);
    if (!each.before().isEmpty()) {
      push(new Job(each.before(), job.repository()));
    }
    return job;
  }

  private void push(Job job) throws Exception {
    service.push(s3.endpoint(), registry.address(), job, List.of());
  }

  private void print(Timing time, Timing first, Counted counted) {
    out.printf(
        "%-17s %8s %8s %8s  %6.2f  %10s %12s %9s%n",
        time.name(),
        seconds(time.least()),
        seconds(time.median()),
        seconds(time.most()),
        time.fasterThan(first),
        megabytes(counted.fromS3()),
        megabytes(counted.toRegistry()),
        megabytes(counted.memory()));
  }

  private static String seconds(Duration time) {
    return "%.3f s".formatted(time.toNanos() / 1e9);
  }

  private static String megabytes(long bytes) {
    return bytes < MEBIBYTE ? "%.1f kB".formatted(bytes / 1e3) : "%.1f MB".formatted(bytes / 1e6);
  }
}
