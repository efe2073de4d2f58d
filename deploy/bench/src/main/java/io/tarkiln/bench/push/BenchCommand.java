package io.tarkiln.bench.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs programs whose output matters only when they fail. */
final class BenchCommand {
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final int POLL_MILLISECONDS = 2;

  private BenchCommand() {}

  /** Runs a program that has to succeed. */
  static void run(Map<String, String> environment, List<String> command) throws Exception {
    Path log = Files.createTempFile("tarkiln-bench", ".log");
    try {
      await(start(environment, command, log), command, log);
    } finally {
      Files.delete(log);
    }
  }

  /** Runs it too, and says how much memory it had at most, in bytes. */
  static long peakOf(Map<String, String> environment, List<String> command) throws Exception {
    Path log = Files.createTempFile("tarkiln-bench", ".log");
    try {
      Process process = start(environment, command, log);
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      long peak = 0;
      while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peak(status));
      }
      await(process, command, log);
      return peak;
    } finally {
      Files.delete(log);
    }
  }

  private static long peak(Path status) {
    try {
      Matcher line = PEAK.matcher(Files.readString(status));
      return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
    } catch (IOException ended) {
      return 0;
    }
  }

  private static Process start(Map<String, String> environment, List<String> command, Path log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static void await(Process process, List<String> command, Path log) throws Exception {
    if (process.waitFor() != 0) {
      throw new IOException(
          "%s ended with %d: %s"
              .formatted(command.get(0), process.exitValue(), Files.readString(log)));
    }
  }
}
