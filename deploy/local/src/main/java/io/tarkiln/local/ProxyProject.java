package io.tarkiln.local;

import io.tarkiln.http.HttpCall;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * A path of the embedded registry that stands for an upstream registry, as a Harbor proxy project
 * does.
 *
 * @param host the registry that Dockerfiles name
 * @param name the path
 * @param upstream where images come from
 */
record ProxyProject(String host, String name, URI upstream) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * The projects every embedded registry has. An upstream can be set, as {@code
   * TARKILN_UPSTREAM_DOCKER_IO} and so on.
   */
  static List<ProxyProject> all(Settings settings) {
    return List.of(
        of(settings, "docker.io", "dockerhub-proxy", "https://registry-1.docker.io"),
        of(settings, "ghcr.io", "ghcr-proxy", "https://ghcr.io"),
        of(settings, "quay.io", "quay-proxy", "https://quay.io"),
        of(settings, "gcr.io", "gcr-proxy", "https://gcr.io"),
        of(settings, "registry.k8s.io", "k8s-proxy", "https://registry.k8s.io"));
  }

  private static ProxyProject of(Settings settings, String host, String name, String usual) {
    String variable =
        "TARKILN_UPSTREAM_" + host.replace('.', '_').toUpperCase(java.util.Locale.ROOT);
    return new ProxyProject(host, name, URI.create(settings.get(variable).orElse(usual)));
  }

  /** Whether anything answers at the upstream's API; waits for it some seconds at most. */
  boolean isReachable() {
    try {
      int status = HttpCall.status(upstream.resolve("/v2/"), PATIENCE);
      return status == 200 || status == 401;
    } catch (IOException unreachable) {
      return false;
    }
  }
}
