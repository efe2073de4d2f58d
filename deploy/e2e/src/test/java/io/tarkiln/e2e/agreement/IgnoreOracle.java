package io.tarkiln.e2e.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.testkit.GoProgram;
import io.tarkiln.testkit.Program;
import java.io.BufferedWriter;
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
    return new IgnoreOracle(
        GoProgram.build("deploy/e2e/ignore-oracle", folder.resolve("ignore-oracle")));
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
    // Go's scanner complains on its standard error of bytes that are no UTF-8.
    Program.Ended ended = Program.of(command).reading(input).run();
    assertThat(ended.exit()).as(ended.out()).isZero();
    return ended.out().lines().toList();
  }
}
