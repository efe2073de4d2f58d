package io.tarkiln.cli.view;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows what is known of builds, as text and as JSON. */
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
      OutputOption.json(out, json(view));
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

  /** The build as a whole, with names as in the events. */
  public static Map<String, Object> summary(BuildView view) {
    Map<String, Object> json = json(view);
    json.remove("services");
    return json;
  }

  /** Everything that is known, with names as in the events. */
  public static Map<String, Object> json(BuildView view) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("build", view.build());
    json.put("started", view.build().start().toString());
    json.put("rebuildOf", view.requested().flatMap(Event::rebuildOf));
    json.put("request", view.request());
    List<Map<String, Object>> services = new ArrayList<>();
    for (ServiceView service : view.services()) {
      Map<String, Object> one = new LinkedHashMap<>();
      Map<String, String> reached = new LinkedHashMap<>();
      service.reached().forEach((type, time) -> reached.put(type.topic(), time.toString()));
      one.put("service", service.name());
      one.put("stage", service.stage());
      one.put("reached", reached);
      one.put("baseImages", service.rewritten().map(data -> data.baseImages()));
      one.put("warnings", service.rewritten().map(DockerfileRewritten::warnings).orElse(List.of()));
      one.put("unchanged", service.built().flatMap(built -> built.unchanged()));
      one.put("pushed", service.pushed());
      services.add(one);
    }
    json.put("services", services);
    json.put("finished", view.finished().map(event -> event.time().toString()));
    json.put("outcome", view.outcome());
    json.values().removeIf(value -> value.equals(Optional.empty()));
    return json;
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
