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
    return !quiet && LiveProgress.fits() ? new LiveProgress(out) : PlainProgress.of(out);
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
      out.printf("%s:%s succeeded in %.1f s%n", outcome.workload(), outcome.tag(), seconds(view));
      outcome.images().forEach(image -> out.printf("  %s@%s%n", image.image(), image.digest()));
      warnings(view, out);
    } else {
      warnings(view, out);
      outcome.lastLines().forEach(line -> out.println("  | " + Printable.line(line)));
      out.printf(
          "%s:%s %s%n",
          view.request().map(BuildRequested::workload).orElse(outcome.workload()),
          view.request().map(BuildRequested::tag).orElse(outcome.tag()),
          Printable.line(EventText.outcome(outcome)));
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
    out.printf("build     %s%n", view.build());
    out.printf("started   %s%n", view.build().start());
    view.request()
        .ifPresent(
            request -> {
              out.printf("workload  %s:%s%n", request.workload(), request.tag());
              out.printf(
                  "source    %s at %s%n",
                  Printable.line(request.source().repository()),
                  Printable.line(request.source().revision()));
              view.commit().ifPresent(commit -> out.printf("commit    %s%n", commit));
              out.printf("switches  cache=%s mirror=%s%n", request.cache(), request.mirror());
              request
                  .concurrency()
                  .ifPresent(key -> out.printf("key       %s%n", Printable.line(key)));
            });
    view.services().forEach(service -> text(view, service, out));
    view.outcome()
        .ifPresentOrElse(
            outcome -> {
              outcome.lastLines().forEach(line -> out.println("  | " + Printable.line(line)));
              out.printf(
                  "outcome   %s after %.1f s%n",
                  Printable.line(EventText.outcome(outcome)), seconds(view));
            },
            () -> out.printf("outcome   none yet, after %.1f s%n", seconds(view)));
    out.flush();
  }

  private static void text(BuildView view, ServiceView service, PrintWriter out) {
    out.printf("%nservice   %s: %s%n", service.name(), service.stage());
    service
        .reached()
        .forEach(
            (type, time) ->
                out.printf(
                    "  %7.1fs  %s%n",
                    Duration.between(view.build().start(), time).toMillis() / 1000.0,
                    type.topic()));
    service
        .rewritten()
        .ifPresent(
            data -> {
              data.problem().ifPresent(problem -> out.println("  " + Printable.line(problem)));
              data.baseImages()
                  .forEach(
                      image ->
                          out.printf(
                              "  line %d %s %s -> %s (%s%s)%n",
                              image.line(),
                              image.instruction(),
                              Printable.line(image.before()),
                              Printable.line(image.after()),
                              image.why(),
                              image.detail().map(detail -> " " + detail).orElse("")));
              WarningText.of(data).forEach(line -> out.println("  warning: " + line));
            });
    service.built().ifPresent(built -> out.printf("  image: %s%n", EventText.of(built)));
    service.pushed().ifPresent(pushed -> out.printf("  %s@%s%n", pushed.image(), pushed.digest()));
  }
}
