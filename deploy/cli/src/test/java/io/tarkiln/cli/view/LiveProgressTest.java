package io.tarkiln.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.event.BuildLog;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.samples.SampleEvents;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveProgressTest {
  private static final String UP_TWO_LINES = "\u001b[2A";

  private final StringWriter out = new StringWriter();
  private final LiveProgress progress = new LiveProgress(new PrintWriter(out));
  private final Event<BuildRequested> request = SampleEvents.request("shop", "api", "web");
  private final BuildView view = new BuildView(request.build());

  @Test
  void draws_a_line_per_service_and_then_draws_over_it() {
    show(request);
    String first = out.toString();
    Event<?> log =
        request.next(
            "build-submitter",
            new BuildLog("shop", "api", 1, List.of("step \u001b[2J1", "step 2", "")));
    view.apply(log);
    progress.end(view);

    assertThat(first.lines()).hasSize(2).allMatch(line -> line.contains("waiting"));
    assertThat(first).doesNotContain(UP_TWO_LINES);
    assertThat(out.toString().substring(first.length()))
        .startsWith(UP_TWO_LINES)
        .contains("step 2")
        .doesNotContain("step 1");
  }

  @Test
  void draws_seldom_enough_for_terminals() {
    show(request);
    int once = out.toString().length();

    progress.tick(view);

    assertThat(out.toString()).hasSize(once);
  }

  private void show(Event<?> event) {
    view.apply(event);
    progress.show(view, event);
  }
}
