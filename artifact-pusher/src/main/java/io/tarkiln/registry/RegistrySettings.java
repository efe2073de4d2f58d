package io.tarkiln.registry;

import io.tarkiln.settings.Settings;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How registries are spoken to.
 *
 * @param plainHttp hosts that are spoken to without TLS
 * @param accounts where credentials are
 */
public record RegistrySettings(Set<String> plainHttp, DockerConfig accounts) {
  public RegistrySettings {
    plainHttp = Set.copyOf(plainHttp);
  }

  /** From {@code TARKILN_PLAIN_HTTP_REGISTRIES} and {@code DOCKER_CONFIG}. */
  public static RegistrySettings of(Settings settings) {
    return new RegistrySettings(
        Arrays.stream(settings.get(Settings.PLAIN_HTTP_REGISTRIES).orElse("").split(","))
            .map(String::trim)
            .filter(host -> !host.isEmpty())
            .collect(Collectors.toSet()),
        DockerConfig.of(settings));
  }
}
