package io.tarkiln.registry;

import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.registry.http.RetryPolicy;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How registries are spoken to.
 *
 * @param plainHttp hosts that are spoken to without TLS
 * @param accounts where credentials are
 * @param authorities a PEM file with certificate authorities that are trusted beside Java's own
 * @param retries how often a request is tried
 */
public record RegistrySettings(
    Set<String> plainHttp, DockerConfig accounts, Optional<Path> authorities, RetryPolicy retries) {
  public RegistrySettings {
    plainHttp = Set.copyOf(plainHttp);
  }

  /** With Java's own certificate authorities and the default retries. */
  public RegistrySettings(Set<String> plainHttp, DockerConfig accounts) {
    this(plainHttp, accounts, Optional.empty(), RetryPolicy.DEFAULT);
  }

  /**
   * From {@code TARKILN_PLAIN_HTTP_REGISTRIES}, {@code DOCKER_CONFIG} and {@code
   * TARKILN_REGISTRY_CA}.
   */
  public static RegistrySettings of(Settings settings) {
    return new RegistrySettings(
        Arrays.stream(settings.get(Settings.PLAIN_HTTP_REGISTRIES).orElse("").split(","))
            .map(String::trim)
            .filter(host -> !host.isEmpty())
            .collect(Collectors.toSet()),
        DockerConfig.of(settings),
        settings.get(Settings.REGISTRY_CA).map(Path::of),
        RetryPolicy.DEFAULT);
  }

  /** The same, tried less or more often. */
  public RegistrySettings with(RetryPolicy other) {
    return new RegistrySettings(plainHttp, accounts, authorities, other);
  }

  /** The same, with one more host that is spoken to without TLS. */
  public RegistrySettings withPlainHttp(String host) {
    Set<String> hosts = new HashSet<>(plainHttp);
    hosts.add(host);
    return new RegistrySettings(hosts, accounts, authorities, retries);
  }
}
