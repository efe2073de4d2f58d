package io.tarkiln.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs that are built from pinned Go modules where no container engine answers. */
public final class GoTools {
  private static final String SCRIPT = "deploy/local/tools/provide";

  private GoTools() {}

  /**
   * The path of a tool's binary, built first if it is not in the cache. Progress goes to this
   * process's standard error.
   *
   * @param tool {@code kaniko}, {@code registry}, {@code sh}, {@code uroot}, {@code crane} or
   *     {@code minio}
   * @throws IOException with the script's own sentence, when the tool cannot be had
   */
  public static Path provide(String tool) throws IOException {
    return provide(List.of(tool)).get(0);
  }

  /** The same for several tools, in the order given. */
  public static List<Path> provide(List<String> tools) throws IOException {
    List<String> command = new ArrayList<>(List.of(home().resolve(SCRIPT).toString()));
    command.addAll(tools);
    Process script =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      List<Path> paths =
          new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(Path::of)
              .toList();
      int status = script.waitFor();
      if (status != 0) {
        throw new IOException(
            "%s could not be provided (exit %d of %s): see above for what to install"
                .formatted(String.join(", ", tools), status, SCRIPT));
      }
      return paths;
    } catch (InterruptedException interrupted) {
      script.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while providing " + tools, interrupted);
    }
  }

  /** The root of the checkout: from {@code TARKILN_HOME}, else above the working directory. */
  public static Path home() throws IOException {
    Optional<String> set =
        Optional.ofNullable(System.getProperty("TARKILN_HOME"))
            .or(() -> Optional.ofNullable(System.getenv("TARKILN_HOME")));
    if (set.isPresent()) {
      return Path.of(set.get());
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isExecutable(folder.resolve(SCRIPT))) {
        return folder;
      }
    }
    throw new IOException(
        "no %s above the working directory: set TARKILN_HOME to the checkout".formatted(SCRIPT));
  }
}
