package io.tarkiln.dockerfile.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.context.ContextFile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is true of the verdict about every file, Dockerfile or not. */
public final class DialectInvariants {
  private static final Platform PLATFORM = Platform.parse("linux/arm64");
  private static final ContextFiles FILES =
      ContextFiles.of(
          List.of(
              new ContextFile(0100644, "0".repeat(40), "a", ""),
              new ContextFile(0120000, "0".repeat(40), "b", "d/x"),
              new ContextFile(0100644, "0".repeat(40), "d/x", "")));

  private DialectInvariants() {}

  /** Checks all of them. */
  public static void hold(byte[] file, Map<String, String> buildArgs) {
    BuildRequest request = new BuildRequest(buildArgs, Optional.empty(), PLATFORM, true, FILES);

    Verdict verdict = KanikoDialect.of(file, request);

    Optional<Dockerfile> read = Dockerfile.read(file, buildArgs, PLATFORM);
    if (verdict instanceof Verdict.Cannot cannot) {
      assertThat(cannot.line()).isPositive();
      assertThat(read).isPresent();
    } else if (read.isEmpty()) {
      assertThat(((Verdict.Builds) verdict).dockerfile()).isEqualTo(file);
    } else {
      byte[] edited = ((Verdict.Builds) verdict).dockerfile();
      assertThat(Dockerfile.read(edited, buildArgs, PLATFORM).map(DialectInvariants::stages))
          .as("it has the same stages as before")
          .contains(stages(read.get()));
    }
  }

  private static List<String> stages(Dockerfile file) {
    return file.instructions().stream()
        .filter(one -> one.keyword().equals("FROM"))
        .map(DialectInvariants::name)
        .toList();
  }

  private static String name(Instruction from) {
    return from.words().size() == 3 ? from.words().get(2).text() : "";
  }
}
