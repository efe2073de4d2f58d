package io.tarkiln.cli.view;

import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.BuildLog;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows a build as plain text: a line per event, per warning and per line of Kaniko's output.
 *
 * @param ids whether lines begin with their build
 */
public record PlainProgress(PrintWriter out, boolean logs, boolean ids) implements BuildProgress {
  /** Of one build. */
  static PlainProgress of(PrintWriter out) {
    return new PlainProgress(out, true, false);
  }

  @Override
  public void show(BuildView view, Event<?> event) {
    double seconds = Duration.between(view.build().start(), event.time()).toMillis() / 1000.0;
    String service = event.service().orElse("-");
    if (event.data() instanceof BuildLog log) {
      if (logs) {
        log.lines()
            .forEach(
                line -> out.printf("%7.1fs  %-12s | %s%n", seconds, service, Printable.line(line)));
      }
    } else {
      line(view, seconds, service, event.type().topic(), EventText.of(event.data()));
      if (event.data() instanceof DockerfileRewritten rewritten) {
        WarningText.of(rewritten).forEach(text -> line(view, seconds, service, "warning", text));
      }
    }
    out.flush();
  }

  private void line(BuildView view, double seconds, String service, String what, String text) {
    out.printf(
        "%s%7.1fs  %-12s %-20s %s%n",
        ids ? view.build() + "  " : "", seconds, service, what, Printable.line(text));
  }
}
