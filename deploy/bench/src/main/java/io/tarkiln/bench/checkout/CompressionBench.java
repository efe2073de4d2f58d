package io.tarkiln.bench.checkout;

import com.github.luben.zstd.Zstd;
import com.sun.management.OperatingSystemMXBean;
import io.tarkiln.bench.Paired;
import io.tarkiln.bench.Timing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compares ways to compress a build context: gzip's levels, one stream or members of 1 MiB on all
 * processors, zstd, and no compression at all.
 */
public final class CompressionBench {
  private static final int MEMBER = 1 << 20;
  private static final long MAX = 200L << 20;
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private CompressionBench() {}

  private interface Compression {
    byte[] of(byte[] plain) throws IOException;
  }

  /** Compresses the files below each folder, or 100 MB of noise where none is given. */
  public static void main(String[] arguments) throws Exception {
    System.out.printf(
        "%-22s %-26s %9s %9s %9s%n", "content", "way", "time ms", "CPU ms", "size kB");
    for (String folder : arguments) {
      all(Path.of(folder).getFileName().toString(), files(Path.of(folder)));
    }
    all("noise", noise());
    System.exit(0);
  }

  private static void all(String content, List<byte[]> plain) throws Exception {
    long bytes = plain.stream().mapToLong(piece -> piece.length).sum();
    int processors = Runtime.getRuntime().availableProcessors();
    Map<String, Long> sizes = new TreeMap<>();
    Map<String, Long> spent = new TreeMap<>();
    Paired paired = new Paired();
    for (int level : List.of(0, 1, 3, 6)) {
      way(
          paired,
          "gzip -%d, one stream".formatted(level),
          sizes,
          spent,
          () -> stream(level, plain));
    }
    for (int level : List.of(1, 3, 6)) {
      for (int threads : processors > 1 ? List.of(1, processors) : List.of(1)) {
        way(
            paired,
            "gzip -%d, members, %d at once".formatted(level, threads),
            sizes,
            spent,
            () -> members(threads, plain, piece -> gzip(level, piece)));
      }
    }
    for (int level : List.of(1, 3)) {
      way(
          paired,
          "zstd -%d, one thread".formatted(level),
          sizes,
          spent,
          () -> members(1, plain, piece -> Zstd.compress(piece, level)));
    }
    for (Timing timing : paired.rounds(ROUNDS)) {
      System.out.printf(
          "%-22s %-26s %9d %9d %9d%n",
          "%s, %d MB".formatted(content, bytes / 1_000_000),
          timing.name(),
          timing.median().toMillis(),
          spent.get(timing.name()) / (ROUNDS + 1) / 1_000_000,
          sizes.get(timing.name()) / 1000);
    }
  }

  private interface Size {
    long of() throws Exception;
  }

  private static void way(
      Paired paired, String name, Map<String, Long> sizes, Map<String, Long> spent, Size size) {
    paired.way(
        name,
        () -> {
          long before = MACHINE.getProcessCpuTime();
          sizes.put(name, size.of());
          spent.merge(name, MACHINE.getProcessCpuTime() - before, Long::sum);
        });
  }

  private static long stream(int level, List<byte[]> plain) throws IOException {
    Counter counter = new Counter();
    try (OutputStream gzip = new Gzip(counter, level)) {
      for (byte[] piece : plain) {
        gzip.write(piece);
      }
    }
    return counter.bytes;
  }

  private static long members(int threads, List<byte[]> plain, Compression compression)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> members = new ArrayList<>();
      for (byte[] piece : plain) {
        members.add(pool.submit(() -> compression.of(piece).length));
      }
      long bytes = 0;
      for (Future<Integer> member : members) {
        bytes += member.get();
      }
      return bytes;
    } finally {
      pool.shutdown();
    }
  }

  private static byte[] gzip(int level, byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 3);
    try (OutputStream gzip = new Gzip(bytes, level)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }

  /** The content of all files, one after another, in pieces as long as a member. */
  private static List<byte[]> files(Path folder) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (all.size() < MAX) {
          Files.copy(file, all);
        }
      }
    }
    byte[] bytes = all.toByteArray();
    List<byte[]> pieces = new ArrayList<>();
    for (int start = 0; start < bytes.length; start += MEMBER) {
      pieces.add(Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + MEMBER)));
    }
    return pieces;
  }

  private static List<byte[]> noise() {
    Random random = new Random(3);
    List<byte[]> pieces = new ArrayList<>();
    for (int piece = 0; piece < 100; piece++) {
      byte[] bytes = new byte[MEMBER];
      random.nextBytes(bytes);
      pieces.add(bytes);
    }
    return pieces;
  }

  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out, int level) throws IOException {
      super(out, 1 << 16);
      def.setLevel(level == 0 ? Deflater.NO_COMPRESSION : level);
    }
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int single) {
      bytes++;
    }

    @Override
    public void write(byte[] content, int offset, int length) {
      bytes += length;
    }
  }
}
