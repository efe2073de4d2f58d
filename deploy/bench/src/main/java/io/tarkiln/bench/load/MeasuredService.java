package io.tarkiln.bench.load;

import io.tarkiln.testkit.ServiceProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An instance of a service, and what it has done and taken. */
record MeasuredService(String service, String name, ServiceProcess process) implements Closeable {
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

  /** Starts one; does not wait for it. */
  static MeasuredService start(
      String service, String name, List<String> options, Map<String, String> variables, Path folder)
      throws IOException {
    return new MeasuredService(
        service, name, ServiceProcess.start(service, name, options, variables, folder));
  }

  void awaitReady() {
    process.awaitReady();
  }

  /** For how many services of builds it has done its work. */
  long done() {
    return process.log().lines().filter(line -> line.contains(DONE.get(service))).count();
  }

  /** Time of processors that it took. */
  Duration processorTime() {
    return process.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** The most memory that it had, in bytes, heap and all. */
  long peakBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.process().pid()), "status");
    Matcher line = PEAK.matcher(Files.readString(status));
    return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
  }

  /** What is in its heap now, garbage included, in bytes. */
  long heapBytes() throws IOException {
    return USED_HEAP
        .matcher(process.metrics())
        .results()
        .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
        .sum();
  }

  @Override
  public void close() {
    process.close();
  }
}
