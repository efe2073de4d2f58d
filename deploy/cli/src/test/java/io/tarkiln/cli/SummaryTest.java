package io.tarkiln.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  @TempDir private Path folder;

  private static BuildView failed(String message, String line) {
    BuildId build = BuildId.next();
    BuildView view = new BuildView(build);
    view.take(
        Event.first(
            build,
            "build-submitter",
            BuildFinished.failed(
                "shop",
                "1",
                "build-submitter",
                Optional.of("api"),
                Reason.BUILD_FAILED,
                message,
                List.of(line))));
    return view;
  }

  @Test
  void shows_what_a_build_printed_as_text() {
    String summary = Summary.of(failed("<b>no</b> [x](http://x) `|", "\u001b[31m# <i>no</i>"));

    assertThat(summary)
        .startsWith("### shop:1 failed in ")
        .contains("\\<b\\>no\\</b\\> \\[x\\](http://x) \\`\\|\n")
        .contains("\n\n    # <i>no</i>\n\n");
  }

  @Test
  void goes_behind_what_other_steps_wrote() throws Exception {
    Path file = Files.writeString(folder.resolve("summary"), "tests passed\n\n");

    Summary.append(file, failed("no", "no"));

    assertThat(file).content().startsWith("tests passed\n\n### shop:1 failed");
  }

  @Test
  void names_the_file_that_cannot_be_written() {
    assertThatThrownBy(() -> Summary.append(folder, failed("no", "no")))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--summary: cannot write to " + folder);
  }
}
