package io.tarkiln.cli.view;

import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.Event;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows a build on a terminal: one line per service, drawn again in its place. */
public final class LiveProgress implements BuildProgress {
  private static final int DEFAULT_WIDTH = 120;
  private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(150);

  private final PrintWriter out;
  private int drawn;
  private Instant last = Instant.EPOCH;

  LiveProgress(PrintWriter out) {
    this.out = out;
  }

  /** Whether standard output is a terminal that understands cursor movements. */
  public static boolean isSupported() {
    String terminal = Optional.ofNullable(System.getenv("TERM")).orElse("dumb");
    return System.console() != null && !terminal.equals("dumb") && System.getenv("CI") == null;
  }

  @Override
  public void show(BuildView view, Event<?> event) {
    draw(view);
  }

  @Override
  public void tick(BuildView view) {
    draw(view);
  }

  @Override
  public void end(BuildView view) {
    last = Instant.EPOCH;
    draw(view);
  }

  private void draw(BuildView view) {
    if (Instant.now().isBefore(last.plus(BETWEEN_DRAWINGS))) {
      return;
    }
    last = Instant.now();
    List<String> lines = new ArrayList<>();
    for (ServiceView service : view.services()) {
      Instant end = view.finished().map(Event::time).orElse(Instant.now());
      long seconds = Math.max(0, Duration.between(view.build().start(), end).toSeconds());
      String detail = service.pushed().map(pushed -> pushed.digest()).orElse(service.lastLine());
      lines.add(
          Printable.line(
              "%-16s %-20s %4ds  %s".formatted(service.name(), service.stage(), seconds, detail),
              width()));
    }
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A");
    }
    lines.forEach(line -> out.print("\u001b[2K" + line + "\n"));
    drawn = lines.size();
    out.flush();
  }

  private static int width() {
    try {
      return Integer.parseInt(System.getenv("COLUMNS")) - 1;
    } catch (NumberFormatException unknown) {
      return DEFAULT_WIDTH;
    }
  }
}
