package io.tarkiln.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
