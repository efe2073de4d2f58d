package io.tarkiln.cli.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.Warning;
import io.tarkiln.samples.SampleEvents;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownSummaryTest {
  @TempDir private Path folder;

  private static BuildView failed(String message, String line) {
    BuildId build = BuildId.next();
    BuildView view = new BuildView(build);
    view.apply(
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
    String summary =
        MarkdownSummary.of(failed("<b>no</b> [x](http://x) `|", "\u001b[31m# <i>no</i>"));

    assertThat(summary)
        .startsWith("### shop:1 failed in ")
        .contains("\\<b\\>no\\</b\\> \\[x\\](http://x) \\`\\|\n")
        .contains("\n\n    # <i>no</i>\n\n");
  }

  @Test
  void lists_what_the_engine_builds_otherwise() {
    BuildView view = failed("no", "no");
    Event<BuildRequested> request = SampleEvents.request("shop", "api");
    Event<BuildRequested> same =
        new Event<>(
            view.build(),
            request.time(),
            request.source(),
            request.traceparent(),
            request.rebuildOf(),
            request.data());
    for (String service : List.of("api", "web")) {
      view.apply(
          same.next(
              "dockerfile-rewriter",
              new DockerfileRewritten(
                  "shop",
                  service,
                  SampleEvents.plan("api"),
                  SampleEvents.input(same),
                  List.of(),
                  Optional.empty(),
                  List.of(new Warning(7, "copy-link", "a <link>\r\u001b[2J is *copied*")))));
    }

    assertThat(MarkdownSummary.of(view))
        .contains(
            "\n\n**Warnings**\n\n"
                + "- service api, Dockerfile line 7: a \\<link\\>  is \\*copied\\* (copy-link)\n"
                + "- service web, Dockerfile line 7: a \\<link\\>  is \\*copied\\* (copy-link)\n"
                + "\ncommit `");
  }

  @Test
  void says_with_its_line_what_the_engine_cannot_build() {
    BuildId build = BuildId.next();
    BuildView view = new BuildView(build);
    view.apply(
        Event.first(
            build,
            "dockerfile-rewriter",
            BuildFinished.failed(
                "shop",
                "1",
                "dockerfile-rewriter",
                Optional.of("api"),
                Reason.ENGINE_CANNOT,
                "api/Dockerfile line 3: RUN --mount",
                List.of())));
    StringWriter annotations = new StringWriter();

    GitHubAnnotations.print(view, new PrintWriter(annotations));

    String outcome =
        "failed at dockerfile-rewriter, service api: engine-cannot: api/Dockerfile line 3: RUN"
            + " --mount";
    assertThat(MarkdownSummary.of(view)).contains(outcome + "\n");
    assertThat(annotations)
        .hasToString("::error title=tarkiln::" + outcome + System.lineSeparator());
  }

  @Test
  void goes_behind_what_other_steps_wrote() throws Exception {
    Path file = Files.writeString(folder.resolve("summary"), "tests passed\n\n");

    MarkdownSummary.append(file, failed("no", "no"));

    assertThat(file).content().startsWith("tests passed\n\n### shop:1 failed");
  }

  @Test
  void names_the_file_that_cannot_be_written() {
    assertThatThrownBy(() -> MarkdownSummary.append(folder, failed("no", "no")))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--summary: cannot write to " + folder);
  }
}
