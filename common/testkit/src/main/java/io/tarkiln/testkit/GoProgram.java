package io.tarkiln.testkit;

import io.tarkiln.embedded.GoTools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Programs in Go that tests use, built when they are needed. */
public final class GoProgram {
  private GoProgram() {}

  /**
   * Builds one.
   *
   * @param folder of its module, from the repository's root
   */
  public static Path build(String folder, Path binary) throws IOException {
    Program.of("go", "build", "-mod=readonly", "-o", binary.toString(), ".")
        .in(GoTools.home().resolve(folder))
        .with(Map.of("CGO_ENABLED", "0"))
        .output();
    return binary;
  }
}
