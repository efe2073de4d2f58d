package io.tarkiln.bench.rewrite;

import io.tarkiln.dockerfile.DockerfileRewriter;
import io.tarkiln.dockerfile.ProxyMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Rewrites all files of a folder, from the bytes to the bytes. */
@State(Scope.Benchmark)
public class RewriteBenchmark {
  /** The folder. */
  @Param("")
  public String folder;

  private final DockerfileRewriter rewriter =
      new DockerfileRewriter(ProxyMap.of(List.of("docker.io=harbor.example.com/dockerhub-proxy")));
  private List<byte[]> files;

  /** Reads the files. */
  @Setup
  public void read() throws IOException {
    files = Corpus.files(Path.of(folder));
  }

  /** Rewrites each once. */
  @Benchmark
  public void rewrite(Blackhole results) {
    for (byte[] file : files) {
      results.consume(rewriter.rewrite(file, Map.of()));
    }
  }
}
