package io.tarkiln.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer.Program;
import io.tarkiln.kaniko.launch.ContainerEngine;
import io.tarkiln.kaniko.launch.LauncherSettings;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What runs registries on this machine: containers where an engine answers and has or gets the
 * image, else the binary, built with Go.
 *
 * @param engine of the containers, if there is one
 * @param arguments put after the engine's {@code run}
 * @param image {@code TARKILN_REGISTRY_IMAGE}, by default the one of the binary's version
 * @param binary where there is no engine
 */
record RegistryPrograms(
    Optional<ContainerEngine> engine, List<String> arguments, String image, Optional<Path> binary) {
  private static final String DEFAULT_IMAGE = "docker.io/library/registry:3.0.0";

  /**
   * May pull the image or build the binary.
   *
   * @param engines that answer
   */
  static RegistryPrograms find(Settings settings, List<ContainerEngine> engines)
      throws IOException {
    String image = settings.get("TARKILN_REGISTRY_IMAGE").orElse(DEFAULT_IMAGE);
    Optional<ContainerEngine> engine = engines.stream().filter(e -> e.has(image)).findFirst();
    Optional<Path> binary =
        engine.isPresent() ? Optional.empty() : Optional.of(GoTools.provide("registry"));
    return new RegistryPrograms(
        engine, LauncherSettings.of(settings).engineArguments(), image, binary);
  }

  /** For the registry that keeps everything in this folder, which a container sees at its path. */
  Program in(Path folder) throws IOException {
    if (engine.isEmpty()) {
      return Program.binary(binary.orElseThrow());
    }
    String name = "tarkiln-registry-" + UUID.nameUUIDFromBytes(folder.toString().getBytes(UTF_8));
    List<String> run = new ArrayList<>(List.of("run", "--rm", "--pull", "never"));
    run.addAll(List.of("--name", name, "--network", "host"));
    run.addAll(List.of("--mount", "type=bind,source=%1$s,target=%1$s".formatted(folder)));
    if (engine.get().command().stream().noneMatch(word -> word.endsWith("podman"))) {
      // Files are to be this user's; podman's root is that already.
      run.addAll(List.of("--user", owner(folder)));
    }
    run.addAll(List.of("--env", "OTEL_TRACES_EXPORTER=none"));
    run.addAll(arguments);
    run.addAll(List.of(image, "serve"));
    return new Program(engine.get().with(run), engine.get().with(List.of("rm", "--force", name)));
  }

  private static String owner(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
  }
}
