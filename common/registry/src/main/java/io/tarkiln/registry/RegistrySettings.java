package io.tarkiln.registry;

import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.retry.ExponentialBackoff;
import io.tarkiln.retry.RetryPolicy;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
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
 * @param retries how often a request is tried before the whole push is left for later; whenever
 *     bytes have arrived, counting begins anew
 * @param answer how long to wait for the answer to a small request before it counts as lost; one
 *     that changes what the registry stores may take longer
 */
public record RegistrySettings(
    Set<String> plainHttp,
    DockerConfig accounts,
    Optional<Path> authorities,
    RetryPolicy retries,
    Duration answer) {
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** About half a minute, unless answers are lost. */
  private static final RetryPolicy RETRIES =
      RetryPolicy.times(
          7, new ExponentialBackoff(Duration.ofMillis(300), Duration.ofSeconds(30)).jittered());

  public RegistrySettings {
    plainHttp = Set.copyOf(plainHttp);
  }

  /** With Java's own certificate authorities and the default retries. */
  public RegistrySettings(Set<String> plainHttp, DockerConfig accounts) {
    this(plainHttp, accounts, Optional.empty(), RETRIES);
  }

  /** With 15 seconds for an answer. */
  public RegistrySettings(
      Set<String> plainHttp,
      DockerConfig accounts,
      Optional<Path> authorities,
      RetryPolicy retries) {
    this(plainHttp, accounts, authorities, retries, ANSWER);
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
        RETRIES);
  }

  /** The same, tried less or more often. */
  public RegistrySettings with(RetryPolicy other) {
    return new RegistrySettings(plainHttp, accounts, authorities, other, answer);
  }

  /** The same, waiting so long for the answer to a small request. */
  public RegistrySettings withAnswerIn(Duration other) {
    return new RegistrySettings(plainHttp, accounts, authorities, retries, other);
  }

  /** The same, with one more host that is spoken to without TLS. */
  public RegistrySettings withPlainHttp(String host) {
    Set<String> hosts = new HashSet<>(plainHttp);
    hosts.add(host);
    return new RegistrySettings(hosts, accounts, authorities, retries, answer);
  }
}
