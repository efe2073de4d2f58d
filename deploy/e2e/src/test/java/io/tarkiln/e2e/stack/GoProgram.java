package io.tarkiln.e2e.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** Programs in Go that tests use, built when they are needed. */
public final class GoProgram {
  private GoProgram() {}

  /**
   * Builds one.
   *
   * @param folder of its module, from the repository's root
   */
  public static void build(String folder, Path binary) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("go", "build", "-mod=readonly", "-o", binary.toString(), ".")
            .directory(Stack.home().resolve(folder).toFile())
            .redirectErrorStream(true);
    builder.environment().put("CGO_ENABLED", "0");
    Process go;
    try {
      go = builder.start();
    } catch (IOException missing) {
      throw new AssertionError("this test needs Go: install Go 1.24 or newer", missing);
    }
    String said = new String(go.getInputStream().readAllBytes(), UTF_8);
    assertThat(go.waitFor()).as(said).isZero();
  }
}
