package io.tarkiln.dockerfile;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image reference in Docker's normal form. Not the {@code ImageReference} of the other modules,
 * which refuses what Docker completes: this reads what people write, keeps the suffix as they wrote
 * it, and needs the JDK only.
 *
 * @param host the registry; {@code docker.io} where none was written
 * @param path the repository in it; {@code library/...} for single names of Docker Hub, which
 *     Harbor's proxy projects want as well
 * @param suffix tag and digest as written, each with its separator
 */
record ImageName(String host, String path, String suffix) {
  static final String DOCKER_HUB = "docker.io";

  /** Repository, tag and digest by the grammar of distribution/reference. */
  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*+)"
              + "((?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
              + "(?:@(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}))?)");

  private static final Pattern HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]+)?"
              + "|\\[[0-9A-Fa-f:]+\\](?::[0-9]+)?");

  /** What could be an image's id names no repository: distribution/reference refuses it. */
  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

  private static final int MAX_LENGTH = 512;

  /** Reads a reference; empty where it is none. */
  static Optional<ImageName> parse(String reference) {
    if (reference.length() > MAX_LENGTH || IDENTIFIER.matcher(reference).matches()) {
      return Optional.empty();
    }
    int slash = reference.indexOf('/');
    String first = slash < 0 ? "" : reference.substring(0, slash);
    boolean hasHost = isHost(first);
    if (hasHost && !HOST.matcher(first).matches()) {
      return Optional.empty();
    }
    Matcher name = NAME.matcher(hasHost ? reference.substring(slash + 1) : reference);
    if (!name.matches()) {
      return Optional.empty();
    }
    String host = !hasHost || first.equals("index.docker.io") ? DOCKER_HUB : first;
    String path = name.group(1);
    boolean official = host.equals(DOCKER_HUB) && path.indexOf('/') < 0;
    return Optional.of(new ImageName(host, official ? "library/" + path : path, name.group(2)));
  }

  /**
   * Whether the host is one for Kaniko as well: its library, go-containerregistry, wants a dot or a
   * colon in it.
   */
  boolean hasPlainHost() {
    return host.indexOf('.') >= 0 || host.indexOf(':') >= 0;
  }

  /** Docker's rule: a dot, a colon, an upper case letter, or localhost make it a host. */
  private static boolean isHost(String first) {
    return !first.isEmpty()
        && (first.indexOf('.') >= 0
            || first.indexOf(':') >= 0
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(java.util.Locale.ROOT)));
  }
}
