package io.tarkiln.e2e.agreement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.e2e.stack.GoProgram;
import java.io.BufferedWriter;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Docker's own libraries, which a small Go program asks what a .dockerignore file leaves. */
record IgnoreOracle(Path binary) {
  /** An ignore file, and the files of a context. */
  record Case(byte[] file, List<byte[]> paths) {}

  /** What is left of it, folders too; or what is wrong. */
  record Answer(List<byte[]> kept, String error) {}

  /** Builds the program into a folder. */
  static IgnoreOracle in(Path folder) throws Exception {
    Path binary = folder.resolve("ignore-oracle");
    GoProgram.build("deploy/e2e/ignore-oracle", binary);
    return new IgnoreOracle(binary);
  }

  /** Asks about these. */
  List<Answer> ask(List<Case> cases) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    Path file = Files.createTempFile(binary.getParent(), "cases", ".json");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Case one : cases) {
        out.write(mapper.writeValueAsString(one));
        out.newLine();
      }
    }
    List<Answer> answers = new ArrayList<>();
    for (String line : run(file)) {
      answers.add(mapper.readValue(line, Answer.class));
    }
    Files.delete(file);
    assertThat(answers).hasSameSizeAs(cases);
    return answers;
  }

  /** Type, name and link target of each entry of a tar.gz, as Go reads them. */
  List<String> entries(Path archive) throws Exception {
    return run(archive, "-tar");
  }

  private List<String> run(Path input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            // Go's scanner complains there of bytes that are no UTF-8.
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream out = process.getInputStream()) {
      List<String> lines = new String(out.readAllBytes(), UTF_8).lines().toList();
      assertThat(process.waitFor()).as(lines.toString()).isZero();
      return lines;
    }
  }
}
