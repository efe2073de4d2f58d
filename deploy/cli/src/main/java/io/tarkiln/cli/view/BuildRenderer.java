package io.tarkiln.cli.view;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/** Prints what is known of a build, for people. */
public final class BuildRenderer {
  private BuildRenderer() {}

  /** A live view where the output is a terminal, else plain lines. */
  public static BuildProgress progress(PrintWriter out, boolean quiet) {
    return !quiet && LiveProgress.isSupported() ? new LiveProgress(out) : PlainProgress.of(out);
  }

  /** Prints the end of a followed build and returns the command's exit code. */
  public static int end(BuildView view, boolean json, PrintWriter out, PrintWriter err) {
    BuildFinished outcome = view.outcome().orElseThrow();
    if (json) {
      OutputOption.json(out, BuildJson.of(view));
    } else {
      PrintWriter to = outcome.outcome() == BuildFinished.Outcome.SUCCEEDED ? out : err;
      outcome(view, outcome, to);
    }
    return CliException.exit(outcome.outcome());
  }

  private static void outcome(BuildView view, BuildFinished outcome, PrintWriter out) {
    out.println();
    if (outcome.outcome() == BuildFinished.Outcome.SUCCEEDED) {
      Printable.println(
          out, "%s:%s succeeded in %.1f s", outcome.workload(), outcome.tag(), seconds(view));
      outcome
          .images()
          .forEach(image -> Printable.println(out, "  %s@%s", image.image(), image.digest()));
      warnings(view, out);
    } else {
      warnings(view, out);
      outcome.lastLines().forEach(line -> Printable.println(out, "  | %s", line));
      Printable.println(
          out,
          "%s:%s %s",
          view.request().map(BuildRequested::workload).orElse(outcome.workload()),
          view.request().map(BuildRequested::tag).orElse(outcome.tag()),
          EventText.outcome(outcome));
    }
    out.flush();
  }

  /** They went by long ago, or were not seen at all on a terminal. */
  private static void warnings(BuildView view, PrintWriter out) {
    WarningText.of(view).forEach(line -> out.println("  warning: " + line));
  }

  /** How long the build took, or takes. */
  public static double seconds(BuildView view) {
    Instant end = view.finished().map(Event::time).orElseGet(Instant::now);
    return Math.max(0, Duration.between(view.build().start(), end).toMillis() / 1000.0);
  }

  /** Everything that is known, for people. */
  public static void text(BuildView view, PrintWriter out) {
    Printable.println(out, "build     %s", view.build());
    Printable.println(out, "started   %s", view.build().start());
    view.request()
        .ifPresent(
            request -> {
              Printable.println(out, "workload  %s:%s", request.workload(), request.tag());
              Printable.println(
                  out,
                  "source    %s at %s",
                  request.source().repository(),
                  request.source().revision());
              view.commit().ifPresent(commit -> Printable.println(out, "commit    %s", commit));
              Printable.println(
                  out, "switches  cache=%s mirror=%s", request.cache(), request.mirror());
              request.concurrency().ifPresent(key -> Printable.println(out, "key       %s", key));
            });
    view.services().forEach(service -> text(view, service, out));
    view.outcome()
        .ifPresentOrElse(
            outcome -> {
              outcome.lastLines().forEach(line -> Printable.println(out, "  | %s", line));
              Printable.println(
                  out, "outcome   %s after %.1f s", EventText.outcome(outcome), seconds(view));
            },
            () -> Printable.println(out, "outcome   none yet, after %.1f s", seconds(view)));
    out.flush();
  }

  private static void text(BuildView view, ServiceView service, PrintWriter out) {
    out.println();
    Printable.println(out, "service   %s: %s", service.name(), service.stage());
    service
        .reached()
        .forEach(
            (type, time) ->
                Printable.println(
                    out,
                    "  %7.1fs  %s",
                    Duration.between(view.build().start(), time).toMillis() / 1000.0,
                    type.topic()));
    service
        .rewritten()
        .ifPresent(
            data -> {
              data.problem().ifPresent(problem -> Printable.println(out, "  %s", problem));
              data.baseImages()
                  .forEach(
                      image ->
                          out.println(
                              "  "
                                  + EventText.baseImage(
                                      image.line(),
                                      image.instruction(),
                                      image.before(),
                                      image.after(),
                                      image.why() + image.detail().map(" "::concat).orElse(""))));
              WarningText.of(data).forEach(line -> out.println("  warning: " + line));
            });
    service.built().ifPresent(built -> Printable.println(out, "  image: %s", EventText.of(built)));
    service
        .pushed()
        .ifPresent(pushed -> Printable.println(out, "  %s@%s", pushed.image(), pushed.digest()));
  }
}
