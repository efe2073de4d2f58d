package io.tarkiln.cli.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.ImagePushed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A finished build as Markdown, the way CI shows it beside a job. */
public final class MarkdownSummary {
  private MarkdownSummary() {}

  /** Adds it to the end of a file; CI gives one file to all steps of a job. */
  public static void append(Path file, BuildView view) throws CliException {
    try {
      Files.writeString(
          file, of(view), UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      throw new CliException(
          CliException.WRONG_USAGE, "--summary: cannot write to " + file, unwritable);
    }
  }

  static String of(BuildView view) {
    BuildFinished outcome = view.outcome().orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append(
        "### %s:%s %s in %.1f s%n%n"
            .formatted(
                view.request().map(BuildRequested::workload).orElse(outcome.workload()),
                view.request().map(BuildRequested::tag).orElse(outcome.tag()),
                outcome.outcome().wire(),
                BuildRenderer.seconds(view)));
    if (outcome.outcome() != BuildFinished.Outcome.SUCCEEDED) {
      text.append(plain(EventText.outcome(outcome))).append("\n\n");
    }
    if (!outcome.lastLines().isEmpty()) {
      // Indented text is shown as it is, whatever it holds.
      outcome
          .lastLines()
          .forEach(line -> text.append("    ").append(Printable.line(line)).append('\n'));
      text.append('\n');
    }
    text.append("| service | image | digest | sent | seconds |\n|---|---|---|---|---|\n");
    view.services().forEach(service -> text.append(row(view, service, outcome)));
    text.append(warnings(WarningText.of(view)));
    view.commit().ifPresent(commit -> text.append("\ncommit `%s`, ".formatted(commit)));
    return text.append("build `%s`%n%n".formatted(view.build())).toString();
  }

  private static String warnings(List<String> lines) {
    return lines.isEmpty()
        ? ""
        : lines.stream()
            .map(line -> "- " + plain(line) + "\n")
            .collect(Collectors.joining("", "\n**Warnings**\n\n", ""));
  }

  private static String row(BuildView view, ServiceView service, BuildFinished outcome) {
    boolean tagged = outcome.outcome() == BuildFinished.Outcome.SUCCEEDED;
    String seconds =
        service.reached().values().stream()
            .max(java.util.Comparator.naturalOrder())
            .map(last -> Duration.between(view.build().start(), last).toMillis() / 1000.0)
            .map("%.1f"::formatted)
            .orElse("");
    return "| %s | %s | %s | %s | %s |%n"
        .formatted(
            plain(service.name()),
            service
                .pushed()
                .filter(pushed -> tagged)
                .map(pushed -> "`" + pushed.image() + "`")
                .orElse("no image, last seen at " + service.stage()),
            service.pushed().filter(p -> tagged).map(p -> "`" + p.digest() + "`").orElse(""),
            service.pushed().map(ImagePushed::bytesSent).map(EventText::size).orElse(""),
            seconds);
  }

  /** Nothing in it is Markdown or HTML. */
  private static String plain(String text) {
    return Printable.line(text).replaceAll("([\\\\`*_\\[\\]<>|#&])", "\\\\$1");
  }
}
