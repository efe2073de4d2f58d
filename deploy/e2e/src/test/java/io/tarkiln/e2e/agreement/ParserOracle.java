package io.tarkiln.e2e.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.testkit.GoProgram;
import io.tarkiln.testkit.Program;
import java.io.BufferedWriter;
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
    return new ParserOracle(GoProgram.build("deploy/e2e/oracle", folder.resolve("oracle")));
  }

  /** Asks about these files. */
  Answer ask(List<Case> cases) throws Exception {
    Path file = Files.createTempFile(binary.getParent(), "cases", ".json");
    ObjectMapper mapper = new ObjectMapper();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Case one : cases) {
        out.write(mapper.writeValueAsString(one));
        out.newLine();
      }
    }
    Program.Ended ended = Program.of(binary.toString()).reading(file).run();
    List<String> lines = ended.out().lines().toList();
    assertThat(ended.exit()).as(() -> lines + " " + tail(ended.err())).isZero();
    Files.delete(file);
    return new Answer(lines.subList(0, lines.size() - 1), lines.get(lines.size() - 1));
  }

  /** The lexer's scanner complains there of bytes that are no UTF-8. */
  private static String tail(String errors) {
    return errors.substring(Math.max(0, errors.length() - 2000));
  }
}
