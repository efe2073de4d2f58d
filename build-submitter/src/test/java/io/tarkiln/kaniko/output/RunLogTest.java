package io.tarkiln.kaniko.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
  private final List<Long> firstLines = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  @TempDir private Path directory;

  @Test
  void hands_lines_over_in_numbered_batches_and_keeps_them_in_the_file() throws IOException {
    try (RunLog log = log(new LogLimits(1000, 1 << 20))) {
      for (int line = 1; line <= 250; line++) {
        log.add("line " + line);
      }
      log.flush();
      log.add("line 251");
    }

    assertThat(firstLines).containsExactly(1L, 101L, 201L, 251L);
    assertThat(lines).hasSize(251).endsWith("line 250", "line 251");
    assertThat(directory.resolve("log")).hasContent(String.join("\n", lines));
  }

  @Test
  void cuts_a_log_that_has_too_many_lines_and_says_so() throws IOException {
    try (RunLog log = log(new LogLimits(3, 1 << 20))) {
      for (int line = 1; line <= 10; line++) {
        log.add("line " + line);
      }
      log.note("the build was cancelled");
      assertThat(log.tail().lines()).contains("line 10");
    }

    assertThat(lines)
        .containsExactly(
            "line 1",
            "line 2",
            "line 3",
            "[tarkiln] the log is cut here: it has more than 3 lines or 1 MiB",
            "[tarkiln] the build was cancelled");
  }

  @Test
  void cuts_a_log_that_has_too_many_bytes() throws IOException {
    try (RunLog log = log(new LogLimits(1000, 100))) {
      log.add("x".repeat(60));
      log.add("y".repeat(60));
    }

    assertThat(lines).hasSize(2).last().asString().startsWith("[tarkiln] the log is cut here");
  }

  private RunLog log(LogLimits limits) throws IOException {
    return new RunLog(
        directory.resolve("log"),
        limits,
        (first, batch) -> {
          firstLines.add(first);
          lines.addAll(batch);
        });
  }
}
