package io.tarkiln.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Checks of this machine: what the embedded stack and the local engine need. */
final class LocalChecks {
  private static final long TIMEOUT_SECONDS = 15;

  private LocalChecks() {}

  static List<CheckResult> all() {
    List<CheckResult> findings = new ArrayList<>();
    findings.add(CheckResult.ok("java", System.getProperty("java.runtime.version")));
    findings.add(
        firstLineOf("git", "--version")
            .map(said -> CheckResult.ok("git", said))
            .orElse(
                CheckResult.warn(
                    "git", "is not installed", "install git: 'try' makes a sample with it")));
    Optional<String> engine =
        firstLineOf("docker", "version", "--format", "docker {{.Server.Version}}")
            .or(() -> firstLineOf("podman", "version", "--format", "podman {{.Client.Version}}"));
    Optional<String> go = firstLineOf("go", "version");
    findings.add(executor(engine, go));
    findings.add(sandbox(engine));
    findings.add(network(engine));
    return findings;
  }

  private static CheckResult executor(Optional<String> engine, Optional<String> go) {
    if (engine.isPresent()) {
      return CheckResult.ok("executor", engine.get() + " answers, so images can be used");
    }
    if (go.isPresent()) {
      return CheckResult.ok("executor", "Kaniko and the registry can be built with " + go.get());
    }
    return CheckResult.warn(
        "executor",
        "neither a container engine nor Go is here",
        "for builds on this machine install Docker or Podman, or Go 1.24 or newer");
  }

  private static CheckResult sandbox(Optional<String> engine) {
    return firstLineOf("bwrap", "--version")
        .or(() -> firstLineOf("unshare", "--version"))
        .map(said -> CheckResult.ok("sandbox", said))
        .orElseGet(
            () ->
                engine.isPresent()
                    ? CheckResult.ok("sandbox", "containers")
                    : CheckResult.warn(
                        "sandbox",
                        "neither bubblewrap nor unshare is here",
                        "for builds on this machine install bubblewrap"));
  }

  /** Podman's containers enter a network that is there, root's at least. */
  private static CheckResult network(Optional<String> engine) {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (engine.filter(name -> !root || !name.startsWith("podman")).isPresent()) {
      return CheckResult.warn(
          "network",
          "builds in containers of %s share this machine's network: its loopback services, private"
                  .formatted(engine.get())
              + " networks and cloud metadata",
          "set TARKILN_CONTAINER_ENGINE=none and install bubblewrap, passt and iproute2");
    }
    List<String> missing =
        Stream.of("pasta", "ip", "nsenter")
            .filter(name -> firstLineOf("sh", "-c", "command -v " + name).isEmpty())
            .toList();
    return missing.isEmpty()
        ? CheckResult.ok("network", "builds on this machine get a network of their own")
        : CheckResult.warn(
            "network",
            "%s is not here: builds on this machine reach its loopback services, private networks"
                    .formatted(String.join(", ", missing))
                + " and cloud metadata",
            "install passt, iproute2 and util-linux, or set TARKILN_BUILD_NETWORK=host");
  }

  /** The first line that a command prints when it succeeds. */
  static Optional<String> firstLineOf(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0 ? output.lines().findFirst() : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
