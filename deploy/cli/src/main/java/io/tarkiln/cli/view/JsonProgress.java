package io.tarkiln.cli.view;

import io.tarkiln.cli.session.OutputOption;
import io.tarkiln.event.Event;
import java.io.PrintWriter;

/** Shows builds to programs: a JSON document a line for each event. */
public record JsonProgress(PrintWriter out) implements BuildProgress {
  @Override
  public void show(BuildView view, Event<?> event) {
    OutputOption.jsonLine(out, BuildJson.of(event));
  }
}
