package io.tarkiln.checkout;

import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an operator decides about git.
 *
 * @param cache folder for bare repositories; may be deleted at any time while nothing runs
 * @param hosts the only hosts to fetch from; empty allows all
 * @param plainHttpHosts hosts that may be spoken to without TLS
 * @param allowFile whether repositories may be folders of this machine
 * @param credentials accounts for https in the format of git-credential-store
 * @param sshFolder with known_hosts and keys
 * @param authorities PEM file with certificate authorities for https
 * @param timeout longest silence of a git host
 * @param largestSource longest sum of all files of a context, in bytes
 */
public record GitSettings(
    Path cache,
    Set<String> hosts,
    Set<String> plainHttpHosts,
    boolean allowFile,
    Optional<Path> credentials,
    Path sshFolder,
    Optional<Path> authorities,
    Duration timeout,
    long largestSource) {
  private static final long TEN_GIBIBYTES = 10L << 30;

  /** From the variables {@code TARKILN_GIT_*}, {@code TARKILN_SSH_DIR} and their like. */
  public static GitSettings of(Settings settings) {
    return new GitSettings(
        settings
            .get("TARKILN_GIT_CACHE")
            .map(Path::of)
            .orElse(Path.of(System.getProperty("java.io.tmpdir"), "tarkiln-git")),
        list(settings, "TARKILN_GIT_HOSTS"),
        list(settings, "TARKILN_GIT_PLAIN_HTTP_HOSTS"),
        settings.isOn("TARKILN_GIT_ALLOW_FILE", false),
        settings.get("TARKILN_GIT_CREDENTIALS").map(Path::of),
        settings
            .get("TARKILN_SSH_DIR")
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".ssh")),
        settings.get("TARKILN_GIT_CA").map(Path::of),
        settings.duration("TARKILN_GIT_TIMEOUT", Duration.ofSeconds(60)),
        settings.number("TARKILN_SOURCE_LIMIT_BYTES", TEN_GIBIBYTES));
  }

  private static Set<String> list(Settings settings, String name) {
    return Arrays.stream(settings.get(name).orElse("").split(","))
        .map(String::trim)
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
