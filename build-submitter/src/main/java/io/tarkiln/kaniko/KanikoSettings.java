package io.tarkiln.kaniko;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an operator decides about every run of Kaniko.
 *
 * @param cacheRepository registry host and path under which {@code kaniko-cache} lives
 * @param mirror host of a registry that mirrors Docker Hub; a path in it is not possible (Kaniko
 *     issues 1618 and 2471), which is why Dockerfiles are edited instead
 * @param plainHttpRegistries hosts of registries that are spoken to without TLS
 * @param snapshots how changes of RUN instructions are found
 */
public record KanikoSettings(
    String cacheRepository,
    Optional<String> mirror,
    List<String> plainHttpRegistries,
    Snapshots snapshots) {
  /** The value that means: no mirror. */
  public static final String NO_MIRROR = "NOMIRROR";

  private static final String SNAPSHOTS = "TARKILN_KANIKO_SNAPSHOTS";

  public KanikoSettings {
    NameSyntax.text(Settings.CACHE_REPOSITORY, cacheRepository);
    plainHttpRegistries = List.copyOf(plainHttpRegistries);
    mirror.ifPresent(host -> checkHost(Settings.KANIKO_MIRROR, host));
    plainHttpRegistries.forEach(host -> checkHost(Settings.PLAIN_HTTP_REGISTRIES, host));
  }

  /**
   * From {@code TARKILN_CACHE_REPO}, {@code TARKILN_KANIKO_MIRROR} ({@code NOMIRROR} means none),
   * {@code TARKILN_PLAIN_HTTP_REGISTRIES} (separated by commas) and {@code
   * TARKILN_KANIKO_SNAPSHOTS} ({@code full} or {@code fast}).
   */
  public static KanikoSettings of(Settings settings) {
    return new KanikoSettings(
        settings.cacheRepository(),
        settings.get(Settings.KANIKO_MIRROR).filter(mirror -> !mirror.equals(NO_MIRROR)),
        Arrays.stream(settings.get(Settings.PLAIN_HTTP_REGISTRIES).orElse("").split(","))
            .map(String::trim)
            .filter(host -> !host.isEmpty())
            .toList(),
        settings
            .get(SNAPSHOTS)
            .map(value -> Snapshots.of(SNAPSHOTS, value))
            .orElse(Snapshots.FULL));
  }

  private static void checkHost(String setting, String host) {
    if (!host.matches("[A-Za-z0-9.-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?")) {
      throw new IllegalArgumentException(
          "%s: '%s' is not a registry's host: write host or host:port, without https:// and path"
              .formatted(setting, host));
    }
  }
}
