package io.tarkiln.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.Processes;
import io.tarkiln.http.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An instance of a service, as a cluster runs it. */
final class ServiceProcess implements AutoCloseable {
  /** What each service logs when it has done its work for one service of a build. */
  static final Map<String, String> DONE =
      Map.of(
          "checkout-worker", "checked out buildId=",
          "dockerfile-rewriter", "rewritten buildId=",
          "build-submitter", "submitted buildId=",
          "artifact-pusher", "pushed buildId=");

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final Pattern USED_HEAP =
      Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\".*\\} (\\S+)$");
  private static final int LAST_LINES = 10;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final String service;
  private final int number;
  private final Process process;
  private final Path log;
  private final int port;

  private ServiceProcess(String service, int number, Process process, Path log, int port) {
    this.service = service;
    this.number = number;
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts one; does not wait for it.
   *
   * @param options for its JVM
   */
  static ServiceProcess start(
      String service, int number, List<String> options, Map<String, String> variables, Path folder)
      throws IOException {
    Path log = folder.resolve("%s-%d.log".formatted(service, number));
    int port = Ports.free();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-jar");
    command.add(
        GoTools.home().resolve(service).resolve("target/quarkus-app/quarkus-run.jar").toString());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    return new ServiceProcess(service, number, builder.start(), log, port);
  }

  /** Waits until it says that it is ready. */
  void awaitReady() throws IOException, InterruptedException {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (process.isAlive() && System.nanoTime() < limit) {
      try {
        if (HttpCall.status(uri("/q/health/ready"), START_LIMIT) == 200) {
          return;
        }
      } catch (IOException notYet) {
        // It does not listen yet.
      }
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    List<String> lines = Files.readAllLines(log);
    throw new IOException(
        "%s is not ready: %s"
            .formatted(
                name(), lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
  }

  String name() {
    return service + " " + number;
  }

  /** For how many services of builds it has done its work. */
  long done() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(DONE.get(service))).count();
    }
  }

  /** Time of processors that it took. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** The most memory that it had, in bytes, heap and all. */
  long peakBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    Matcher line = PEAK.matcher(Files.readString(status));
    return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
  }

  /** What is in its heap now, garbage included, in bytes. */
  long heapBytes() throws IOException {
    String metrics;
    try (InputStream body = new HttpCall("GET", uri("/q/metrics"), START_LIMIT).send().body()) {
      metrics = new String(body.readAllBytes(), UTF_8);
    }
    return USED_HEAP
        .matcher(metrics)
        .results()
        .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
        .sum();
  }

  private URI uri(String path) {
    return URI.create("http://localhost:%d%s".formatted(port, path));
  }

  @Override
  public void close() {
    Processes.end(process, Duration.ofSeconds(20));
  }
}
