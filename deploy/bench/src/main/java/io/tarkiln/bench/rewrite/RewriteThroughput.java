package io.tarkiln.bench.rewrite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.bench.Paired;
import io.tarkiln.dockerfile.DockerfileRewriter;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.samples.dockerfile.HostileDockerfiles;
import io.tarkiln.testkit.GoProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Prints how many bytes a second the rewriter and BuildKit's parser read. For every corpus BuildKit
 * is timed before and after the rewriter, so that a machine that slows down slows both.
 */
public final class RewriteThroughput {
  private final Path oracle;

  private RewriteThroughput(Path oracle) {
    this.oracle = oracle;
  }

  /** Takes folders of further files to read. */
  public static void main(String[] folders) throws Exception {
    Path work = Files.createTempDirectory("bench-rewrite");
    RewriteThroughput bench =
        new RewriteThroughput(GoProgram.build("deploy/e2e/oracle", work.resolve("oracle")));
    List<Corpus> corpora =
        new ArrayList<>(
            List.of(
                Corpus.ofSize("1 kB", 1 << 10, work),
                Corpus.ofSize("10 kB", 10 << 10, work),
                Corpus.ofSize("100 kB", 100 << 10, work),
                Corpus.ofSize("1 MB", DockerfileRewriter.MAX_SIZE, work),
                Corpus.generated("generated", 2000, work)));
    for (String folder : folders) {
      corpora.add(new Corpus(folder, Path.of(folder)));
    }
    System.out.println("MB/s, higher is better          rewriter  BuildKit parser  + instructions");
    for (Corpus corpus : corpora) {
      bench.time(corpus);
    }
    hostile();
  }

  private void time(Corpus corpus) throws IOException, InterruptedException, RunnerException {
    double[] before = buildKit(corpus);
    double rewriter = rewriter(corpus);
    double[] after = buildKit(corpus);
    System.out.printf(
        "%-16.16s %7d bytes %9.1f %16.1f %15.1f%n",
        corpus.name(),
        corpus.bytes(),
        rewriter / 1e6,
        (before[0] + after[0]) / 2e6,
        (before[1] + after[1]) / 2e6);
  }

  /** Bytes a second of the parser alone, and with instructions. */
  private double[] buildKit(Corpus corpus) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(oracle.toString(), "-time", corpus.folder().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    return said.lines().mapToDouble(Double::parseDouble).toArray();
  }

  private static double rewriter(Corpus corpus) throws RunnerException, IOException {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(RewriteBenchmark.class.getName())
                    .param("folder", corpus.folder().toString())
                    .forks(1)
                    .warmupIterations(10)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(1))
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    return result.getPrimaryResult().getScore() * corpus.bytes();
  }

  private static void hostile() throws Exception {
    DockerfileRewriter rewriter =
        new DockerfileRewriter(ProxyMap.of(List.of("docker.io=harbor.example.com/x")));
    Map<String, String> files = new LinkedHashMap<>(HostileDockerfiles.read());
    HostileDockerfiles.refused().forEach((what, file) -> files.put("refused: " + what, file));
    System.out.println("\nhostile files                              bytes   median ms   most ms");
    for (Map.Entry<String, String> one : files.entrySet()) {
      byte[] file = one.getValue().getBytes(ISO_8859_1);
      var timing =
          new Paired().way(one.getKey(), () -> rewriter.rewrite(file, Map.of())).rounds(7).get(0);
      System.out.printf(
          "%-40s %7d %11.1f %9.1f%n",
          one.getKey(),
          file.length,
          timing.median().toNanos() / 1e6,
          timing.most().toNanos() / 1e6);
    }
  }
}
