package io.tarkiln.cli.doctor;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.policy.Policies;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks of git accounts, hosts and limits of checkout-worker, and of the policy. */
record GitChecks(Settings settings) {
  private static final List<String> LIMITS =
      List.of(
          "TARKILN_GIT_TIMEOUT",
          "TARKILN_GIT_FETCH_TIME",
          "TARKILN_GIT_FETCH_BYTES",
          "TARKILN_GIT_REDIRECTS",
          "TARKILN_SOURCE_LIMIT_BYTES",
          "TARKILN_SOURCE_LIMIT_FILES",
          "TARKILN_SOURCE_LIMIT_FILE_BYTES");

  List<CheckResult> all() {
    List<CheckResult> findings = new ArrayList<>();
    settings.get("TARKILN_GIT_CREDENTIALS").map(Path::of).map(this::https).ifPresent(findings::add);
    findings.add(ssh());
    settings
        .get("TARKILN_GIT_CA")
        .map(file -> readable("git ca", Path.of(file), "TARKILN_GIT_CA"))
        .ifPresent(findings::add);
    findings.add(reach());
    findings.add(limits());
    findings.add(policy());
    return findings;
  }

  private CheckResult reach() {
    String hosts = settings.get("TARKILN_GIT_HOSTS").orElse("all");
    boolean everywhere = settings.isOn("TARKILN_GIT_PRIVATE_ADDRESSES", true);
    return CheckResult.ok(
        "git hosts",
        "%s (TARKILN_GIT_HOSTS), private addresses %s (TARKILN_GIT_PRIVATE_ADDRESSES)"
            .formatted(hosts, everywhere ? "allowed" : "forbidden"));
  }

  private CheckResult limits() {
    List<String> set = new ArrayList<>();
    for (String name : LIMITS) {
      Optional<String> value = settings.get(name);
      try {
        if (name.endsWith("TIME") || name.endsWith("TIMEOUT")) {
          settings.duration(name, Duration.ZERO);
        } else {
          settings.number(name, 0);
        }
      } catch (IllegalArgumentException broken) {
        return CheckResult.fault(
            "git limits", String.valueOf(broken.getMessage()), "checkout-worker does not start");
      }
      value.ifPresent(text -> set.add(name + "=" + text));
    }
    return CheckResult.ok(
        "git limits",
        set.isEmpty()
            ? "the defaults; a build that exceeds one ends as limit-exceeded and names its variable"
            : String.join(" ", set));
  }

  private CheckResult https(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    } catch (IOException unreadable) {
      return CheckResult.fault(
          "git https",
          "cannot read TARKILN_GIT_CREDENTIALS=" + file,
          "mount a file with a line https://user:token@host per host");
    }
    // Only the number of a wrong line is shown: it has a password.
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith("#")
          && !lines.get(i).matches("https?://[^@/ ]+@[^@/ ]+(/.*)?")) {
        return CheckResult.fault(
            "git https",
            "line %d of %s is no https://user:token@host".formatted(i + 1, file),
            "write special characters of users and passwords as %XX");
      }
    }
    return CheckResult.ok("git https", "%d accounts in %s".formatted(lines.size(), file));
  }

  private CheckResult ssh() {
    Path folder =
        settings
            .get("TARKILN_SSH_DIR")
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".ssh"));
    Path known = folder.resolve("known_hosts");
    Optional<String> key = firstKey(folder);
    if (key.isPresent() && !Files.isReadable(known)) {
      return CheckResult.fault(
          "git ssh",
          "there are keys, but no " + known,
          "add the hosts' keys: ssh-keyscan HOST >> " + known + ", and compare them");
    }
    return key.map(
            found -> CheckResult.ok("git ssh", "key %s, known hosts %s".formatted(found, known)))
        .orElse(
            CheckResult.warn(
                "git ssh",
                "no private key in " + folder,
                "for ssh:// addresses set TARKILN_SSH_DIR to a folder with id_ed25519 and"
                    + " known_hosts"));
  }

  private static Optional<String> firstKey(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder, 6)) {
      return files
          .filter(file -> file.getFileName().toString().matches("id_(ed25519|ecdsa|rsa)"))
          .map(Path::toString)
          .sorted()
          .findFirst();
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  private static CheckResult readable(String what, Path file, String variable) {
    return Files.isReadable(file)
        ? CheckResult.ok(what, file.toString())
        : CheckResult.fault(what, "cannot read %s=%s".formatted(variable, file), "check the mount");
  }

  private CheckResult policy() {
    if (settings.get(Policies.VARIABLE).isEmpty()) {
      return CheckResult.warn(
          "policy",
          "TARKILN_POLICY is not set here",
          "without one, whoever may publish builds may build anything into any image");
    }
    try {
      return CheckResult.ok("policy", Policies.of(settings).count() + " rules");
    } catch (UnavailableException broken) {
      return CheckResult.fault(
          "policy", broken.getMessage(), "mend the file: nothing is built until then");
    }
  }
}
