package io.tarkiln.kaniko.launch;

import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What may launch Kaniko on this machine.
 *
 * @param engines commands of container engines, the first that answers is taken; none at all
 *     switches containers off
 * @param engineArguments put after the engine's {@code run}, such as {@code --ulimit host}
 * @param image Kaniko's image, for containers
 * @param executor Kaniko's binary, for sandboxes
 */
public record LauncherSettings(
    List<List<String>> engines,
    List<String> engineArguments,
    String image,
    Optional<Path> executor) {
  /**
   * The image of the Kaniko version that everything is tested with: other versions, forks too,
   * build other images of the same Dockerfile.
   */
  public static final String DEFAULT_IMAGE = "gcr.io/kaniko-project/executor:v1.24.0";

  private static final String NONE = "none";

  public LauncherSettings {
    engines = engines.stream().map(List::copyOf).toList();
    engineArguments = List.copyOf(engineArguments);
    executor = executor.map(path -> path.toAbsolutePath().normalize());
  }

  /**
   * From {@code TARKILN_CONTAINER_ENGINE} (a command; docker, then podman by default; {@code none}
   * for sandboxes only), {@code TARKILN_CONTAINER_ARGUMENTS}, {@code TARKILN_KANIKO_IMAGE} and
   * {@code TARKILN_KANIKO_EXECUTOR}.
   */
  public static LauncherSettings of(Settings settings) {
    return new LauncherSettings(
        settings
            .get("TARKILN_CONTAINER_ENGINE")
            .map(
                command -> command.equals(NONE) ? List.<List<String>>of() : List.of(words(command)))
            .orElse(List.of(List.of("docker"), List.of("podman"))),
        settings.get("TARKILN_CONTAINER_ARGUMENTS").map(LauncherSettings::words).orElse(List.of()),
        settings.get("TARKILN_KANIKO_IMAGE").orElse(DEFAULT_IMAGE),
        settings.get("TARKILN_KANIKO_EXECUTOR").map(Path::of));
  }

  private static List<String> words(String command) {
    return List.of(command.split("\\s+"));
  }
}
