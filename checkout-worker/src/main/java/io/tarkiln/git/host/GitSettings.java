package io.tarkiln.git.host;

import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an operator decides about git.
 *
 * @param cache folder for what was fetched; may be deleted at any time while nothing runs
 * @param cacheBytes size beyond which the cache drops what was used longest ago; what builds use at
 *     the moment may be as much again
 * @param submodules whether submodules belong to a context
 * @param lfs whether Git LFS's pointers are replaced by what they stand for
 * @param sourceLifetime how long a source is in S3 before a lifecycle rule takes it away
 */
public record GitSettings(
    Path cache,
    long cacheBytes,
    Reach reach,
    Secrets secrets,
    Limits limits,
    boolean submodules,
    boolean lfs,
    Duration sourceLifetime) {
  private static final long TEN_GIBIBYTES = 10L << 30;

  /**
   * Where to fetch from.
   *
   * @param hosts the only hosts; empty allows all
   * @param plainHttpHosts hosts that may be spoken to without TLS
   * @param allowFile whether repositories may be folders of this machine
   * @param privateAddresses whether hosts may have loopback, link-local or private addresses
   */
  public record Reach(
      Set<String> hosts, Set<String> plainHttpHosts, boolean allowFile, boolean privateAddresses) {}

  /**
   * What opens doors.
   *
   * @param credentials accounts for https in the format of git-credential-store
   * @param sshFolder with known_hosts and keys
   * @param authorities PEM file with certificate authorities for https
   * @param clientCertificates folder of a PEM file {@code <host>.pem} per host
   */
  public record Secrets(
      Optional<Path> credentials,
      Path sshFolder,
      Optional<Path> authorities,
      Optional<Path> clientCertificates) {}

  /**
   * The most that a build may ask for.
   *
   * @param silence longest silence of a git host
   * @param fetchTime longest time of one fetch
   * @param fetchBytes most bytes that one fetch may bring, and all fetches of one build
   * @param redirects most redirects of one request
   * @param sourceBytes longest sum of all files of a context
   * @param sourceFiles most files and folders of a context
   * @param fileBytes longest single file
   */
  public record Limits(
      Duration silence,
      Duration fetchTime,
      long fetchBytes,
      int redirects,
      long sourceBytes,
      long sourceFiles,
      long fileBytes) {}

  /** From the variables {@code TARKILN_GIT_*}, {@code TARKILN_SSH_DIR} and their like. */
  public static GitSettings of(Settings settings) {
    Path cache =
        settings
            .get("TARKILN_GIT_CACHE")
            .map(Path::of)
            .orElse(Path.of(System.getProperty("java.io.tmpdir"), "tarkiln-git"));
    long cacheBytes =
        settings.number("TARKILN_GIT_CACHE_BYTES", Math.min(TEN_GIBIBYTES, disk(cache) / 2));
    return new GitSettings(
        cache,
        cacheBytes,
        new Reach(
            list(settings, "TARKILN_GIT_HOSTS"),
            list(settings, "TARKILN_GIT_PLAIN_HTTP_HOSTS"),
            settings.isOn("TARKILN_GIT_ALLOW_FILE", false),
            settings.isOn("TARKILN_GIT_PRIVATE_ADDRESSES", true)),
        new Secrets(
            settings.get("TARKILN_GIT_CREDENTIALS").map(Path::of),
            settings
                .get("TARKILN_SSH_DIR")
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".ssh")),
            settings.get("TARKILN_GIT_CA").map(Path::of),
            settings.get("TARKILN_GIT_CLIENT_CERTIFICATES").map(Path::of)),
        new Limits(
            settings.duration("TARKILN_GIT_TIMEOUT", Duration.ofSeconds(60)),
            settings.duration("TARKILN_GIT_FETCH_TIME", Duration.ofMinutes(30)),
            settings.number("TARKILN_GIT_FETCH_BYTES", Math.min(TEN_GIBIBYTES, cacheBytes)),
            Math.toIntExact(settings.number("TARKILN_GIT_REDIRECTS", 5)),
            settings.number("TARKILN_SOURCE_LIMIT_BYTES", TEN_GIBIBYTES),
            settings.number("TARKILN_SOURCE_LIMIT_FILES", 1_000_000),
            settings.number("TARKILN_SOURCE_LIMIT_FILE_BYTES", TEN_GIBIBYTES / 2)),
        settings.isOn("TARKILN_GIT_SUBMODULES", true),
        settings.isOn("TARKILN_GIT_LFS", true),
        settings.duration("TARKILN_SOURCE_LIFETIME", Duration.ofDays(14)));
  }

  /** Bytes of the disk that a folder is or will be on. */
  private static long disk(Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      return Files.getFileStore(there).getTotalSpace();
    } catch (IOException unknown) {
      return 2 * TEN_GIBIBYTES;
    }
  }

  private static Set<String> list(Settings settings, String name) {
    return Arrays.stream(settings.get(name).orElse("").split(","))
        .map(String::trim)
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
