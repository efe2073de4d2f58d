package io.tarkiln.cli;

import io.tarkiln.event.BuildLog;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.time.Duration;

/** A line per event and per line of Kaniko's output. */
record PlainProgress(PrintWriter out, boolean logs) implements Progress {
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
      out.printf(
          "%7.1fs  %-12s %-20s %s%n",
          seconds, service, event.type().topic(), Facts.of(event.data()));
    }
    out.flush();
  }
}
