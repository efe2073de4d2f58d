package io.tarkiln.registry.credentials;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The keys of a Docker config that mean a repository: the registry's host as it is, as an address,
 * or with a path. Docker and crane take any key of the host, whatever its path; skopeo and podman
 * take keys with a path for what is below it (containers-auth.json(5)). So the longest path that
 * the repository is below goes first, then keys without a path, then any other of the host.
 *
 * @param registry host, perhaps with a port
 * @param repository path in the registry
 */
record RegistryKeys(String registry, String repository) {
  private static final String DOCKER_HUB = "docker.io";
  private static final Set<String> DOCKER_HUB_HOSTS =
      Set.of(DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  /** Paths of the registry's API, which name no repository. */
  private static final Set<String> API_PATHS = Set.of("v1", "v2");

  /** The keys that match, best first. */
  List<String> matching(Iterator<String> keys) {
    return stream(keys)
        .filter(key -> canonical(host(key)).equals(canonical(registry)))
        .sorted(Comparator.comparingInt(this::rank))
        .toList();
  }

  /** The best key that matches. */
  Optional<String> best(Iterator<String> keys) {
    return matching(keys).stream().findFirst();
  }

  /** What a credential helper is asked for; docker login keeps accounts of Docker Hub by it. */
  String serverName() {
    return canonical(registry).equals(DOCKER_HUB) ? "https://index.docker.io/v1/" : registry;
  }

  private int rank(String key) {
    String path = path(key);
    if (path.isEmpty()) {
      return key.equals(registry) ? 0 : 1;
    }
    boolean above = (repository + "/").startsWith(path + "/");
    return above ? -path.length() : 2;
  }

  private static Stream<String> stream(Iterator<String> keys) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(keys, 0), false);
  }

  private static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return DOCKER_HUB_HOSTS.contains(lower) ? DOCKER_HUB : lower;
  }

  private static String host(String key) {
    String address = withoutScheme(key);
    int slash = address.indexOf('/');
    return slash < 0 ? address : address.substring(0, slash);
  }

  private static String path(String key) {
    String address = withoutScheme(key);
    int slash = address.indexOf('/');
    String path = slash < 0 ? "" : address.substring(slash + 1).replaceFirst("/+$", "");
    return API_PATHS.contains(path) ? "" : path;
  }

  private static String withoutScheme(String key) {
    return key.replaceFirst("(?i)^https?://", "");
  }
}
