package io.tarkiln.e2e.agreement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.e2e.stack.GoProgram;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** BuildKit's own parser, which a small Go program asks what has to become of Dockerfiles. */
record ParserOracle(Path binary) {
  /** A file before and after, and what the rewriter was told. */
  record Case(
      String name,
      byte[] original,
      byte[] rewritten,
      boolean refused,
      Map<String, String> buildArgs,
      Map<String, String> proxies) {}

  /**
   * What it said.
   *
   * @param disagreements a line each
   * @param counts one line
   */
  record Answer(List<String> disagreements, String counts) {}

  /** Builds the program into a folder. */
  static ParserOracle in(Path folder) throws Exception {
    Path binary = folder.resolve("oracle");
    GoProgram.build("deploy/e2e/oracle", binary);
    return new ParserOracle(binary);
  }

  /** Asks about these files. */
  Answer ask(List<Case> cases) throws Exception {
    Path file = Files.createTempFile(binary.getParent(), "cases", ".json");
    Path errors = binary.resolveSibling("errors.txt");
    ObjectMapper mapper = new ObjectMapper();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Case one : cases) {
        out.write(mapper.writeValueAsString(one));
        out.newLine();
      }
    }
    Process process =
        new ProcessBuilder(binary.toString())
            .redirectInput(file.toFile())
            // The lexer's scanner complains there of bytes that are no UTF-8.
            .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor()).as(() -> lines + " " + tail(errors)).isZero();
    Files.delete(file);
    return new Answer(lines.subList(0, lines.size() - 1), lines.get(lines.size() - 1));
  }

  private static String tail(Path errors) {
    try {
      String all = Files.readString(errors);
      return all.substring(Math.max(0, all.length() - 2000));
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }
}
