package io.tarkiln.dockerfile;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which proxy stands for which registry.
 *
 * @param prefixes what images of a registry (its host, perhaps with a path) begin with instead,
 *     such as {@code docker.io} to {@code harbor.example.com/dockerhub-proxy}
 */
public record ProxyMap(Map<String, String> prefixes) {
  public ProxyMap {
    Map<String, String> normal = new LinkedHashMap<>();
    prefixes.forEach((registry, prefix) -> normal.put(checked(registry), prefix(prefix)));
    prefixes = Map.copyOf(normal);
  }

  /** Reads {@code HOST=PREFIX,HOST=PREFIX}; a blank text is an empty map. */
  public static ProxyMap parse(String text) {
    return of(
        Arrays.stream(text.split(",")).map(String::trim).filter(pair -> !pair.isEmpty()).toList());
  }

  /**
   * Reads pairs {@code HOST=PREFIX}.
   *
   * @throws IllegalArgumentException that says what is wrong with which pair
   */
  public static ProxyMap of(List<String> pairs) {
    Map<String, String> prefixes = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw new IllegalArgumentException(
            "'%s' is no proxy: write HOST=PREFIX, such as docker.io=harbor.example.com/dockerhub-proxy"
                .formatted(pair));
      }
      prefixes.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
    }
    return new ProxyMap(prefixes);
  }

  public boolean isEmpty() {
    return prefixes.isEmpty();
  }

  /** The proxied name of an image, for the longest registry and path in the map that fits. */
  Optional<String> proxied(ImageName image) {
    String full = image.host() + "/" + image.path();
    for (int end = full.lastIndexOf('/'); end > 0; end = full.lastIndexOf('/', end - 1)) {
      String prefix = prefixes.get(full.substring(0, end));
      if (prefix != null) {
        return Optional.of(prefix + full.substring(end) + image.suffix());
      }
    }
    return Optional.empty();
  }

  /** Whether images of this host come from a proxy by name already. */
  boolean isProxy(String host) {
    return prefixes.values().stream()
        .anyMatch(prefix -> prefix.equals(host) || prefix.startsWith(host + "/"));
  }

  /** A prefix must make image references that begin with its own host. */
  private static String prefix(String name) {
    String bare = checked(name);
    boolean makesReferences =
        ImageName.parse(bare + "/x")
            .filter(image -> image.hasPlainHost() && bare.startsWith(image.host()))
            .isPresent();
    if (!makesReferences) {
      throw new IllegalArgumentException(
          "'%s' is no proxy: begin with a host that has a dot or a port, as harbor.example.com/dockerhub-proxy"
              .formatted(name));
    }
    return bare;
  }

  private static String checked(String name) {
    String bare = name.replaceFirst("/+$", "");
    if (bare.contains("://")
        || !bare.matches("[A-Za-z0-9\\[][A-Za-z0-9._:\\[\\]-]*(/[a-z0-9._/-]+)?")) {
      throw new IllegalArgumentException(
          "'%s' is not a registry: write host[:port][/path] without https://".formatted(name));
    }
    return bare.equals("index.docker.io") || bare.equals("registry-1.docker.io")
        ? ImageName.DOCKER_HUB
        : bare;
  }
}
