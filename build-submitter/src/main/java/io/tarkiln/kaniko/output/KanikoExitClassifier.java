package io.tarkiln.kaniko.output;

import io.tarkiln.build.Reason;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import java.util.regex.Pattern;

/**
 * Tells from Kaniko's exit status and its own last words why it failed. Kaniko's status says
 * little: it is 1, or that of the RUN instruction that failed.
 */
public record KanikoExitClassifier(String dockerfile, int status, LogTail tail) {
  private static final int SIGNALLED = 128;
  private static final int SIGKILL = 9;
  private static final int LAST_SIGNAL = 64;
  private static final int MAX_LENGTH = 1000;

  private static final Pattern RUN_FAILED =
      anyOf("failed to execute command", "waiting for process to exit");
  private static final Pattern CACHE = anyOf("error checking push permissions");
  private static final Pattern KILLED = anyOf("signal: killed");
  private static final Pattern DISK_FULL = anyOf("no space left on device");

  /** Error codes of the OCI distribution specification, and plain statuses. */
  private static final Pattern NO_SUCH_IMAGE =
      anyOf("MANIFEST_UNKNOWN", "NAME_UNKNOWN", "NOT_FOUND", "status code 404");

  private static final Pattern REFUSED =
      anyOf("UNAUTHORIZED", "DENIED", "status code 401", "status code 403");
  private static final Pattern NO_SUCH_HOST = anyOf("no such host");

  /** What the routes of a run's own network say of addresses that are closed to it. */
  private static final Pattern CLOSED = anyOf("connect: permission denied");

  private static final Pattern NO_ANSWER =
      anyOf(
          "connection refused",
          "connection reset",
          "i/o timeout",
          "TLS handshake timeout",
          "no route to host",
          "network is unreachable",
          "server misbehaving",
          "context deadline exceeded",
          "unexpected EOF",
          ": EOF",
          "TOOMANYREQUESTS",
          "status code 429",
          "status code 5[0-9][0-9]");

  /** Kaniko ended with something else than success. */
  public RunEnd end() {
    return tail.error().map(this::ofError).orElseGet(this::ofStatus);
  }

  private RunEnd ofError(String error) {
    if (RUN_FAILED.matcher(error).find()) {
      String at = tail.instruction().map(run -> " at '" + shortened(run) + "'").orElse("");
      return KILLED.matcher(error).find()
          ? failed(
              Reason.OUT_OF_MEMORY,
              "a command was killed%s, most often for want of memory".formatted(at),
              error)
          : failed(Reason.BUILD_FAILED, "building %s failed%s".formatted(dockerfile, at), error);
    }
    if (CLOSED.matcher(error).find()) {
      return failed(
          Reason.NOT_ALLOWED,
          "a registry is at an address that builds may not reach: name it in TARKILN_BUILD_REACHES",
          error);
    }
    boolean cache = CACHE.matcher(error).find();
    if (NO_ANSWER.matcher(error).find() || (cache && NO_SUCH_HOST.matcher(error).find())) {
      return new Unavailable(
          "a registry did not answer Kaniko for %s: %s".formatted(dockerfile, shortened(error)));
    }
    if (REFUSED.matcher(error).find()) {
      return failed(Reason.AUTHENTICATION_REFUSED, "a registry refused Kaniko", error);
    }
    if (!cache && (NO_SUCH_IMAGE.matcher(error).find() || NO_SUCH_HOST.matcher(error).find())) {
      return failed(
          Reason.BASE_IMAGE_NOT_FOUND,
          "a base image of %s was not found".formatted(dockerfile),
          error);
    }
    if (DISK_FULL.matcher(error).find()) {
      return failed(Reason.DISK_LIMIT, "the disk was full", error);
    }
    return failed(Reason.BUILD_FAILED, "building %s failed".formatted(dockerfile), error);
  }

  private RunEnd ofStatus() {
    int signal = status - SIGNALLED;
    if (signal == SIGKILL) {
      return failed(
          Reason.OUT_OF_MEMORY,
          "Kaniko was killed, most often for want of memory; its last line",
          tail.lastLine());
    }
    if (!tail.kanikoSpoke() || (signal > 0 && signal <= LAST_SIGNAL)) {
      return new Unavailable(
          "Kaniko did not get to its end (status %d); the last line: %s"
              .formatted(status, shortened(tail.lastLine())));
    }
    return failed(
        Reason.BUILD_FAILED,
        "Kaniko ended with status %d on %s; its last line".formatted(status, dockerfile),
        tail.lastLine());
  }

  private RunEnd failed(Reason reason, String what, String line) {
    return new Failed(reason, what + ": " + shortened(line), tail.lines());
  }

  private static String shortened(String line) {
    return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "..." : line;
  }

  private static Pattern anyOf(String... patterns) {
    return Pattern.compile(String.join("|", patterns));
  }
}
