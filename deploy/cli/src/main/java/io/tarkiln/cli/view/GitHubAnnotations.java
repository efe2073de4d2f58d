package io.tarkiln.cli.view;

import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Warning;
import java.io.PrintWriter;

/**
 * Annotations of a finished build, which GitHub Actions shows beside the lines of the source
 * (GitHub documentation, "Workflow commands for GitHub Actions", "Setting a warning message").
 */
public final class GitHubAnnotations {
  private GitHubAnnotations() {}

  /** Prints one for each warning, and one for a build that failed. */
  public static void print(BuildView view, PrintWriter out) {
    view.services()
        .forEach(
            service ->
                service
                    .rewritten()
                    .ifPresent(
                        data -> data.warnings().forEach(each -> out.println(warning(data, each)))));
    view.outcome()
        .filter(outcome -> outcome.outcome() == BuildFinished.Outcome.FAILED)
        .ifPresent(
            outcome -> out.println("::error title=tarkiln::" + text(EventText.outcome(outcome))));
    out.flush();
  }

  private static String warning(DockerfileRewritten data, Warning warning) {
    return "::warning file=%s,line=%d,title=%s::%s"
        .formatted(
            property(data.input().dockerfile()),
            warning.line(),
            property("tarkiln, service " + data.service()),
            text("%s (%s)".formatted(warning.message(), warning.code())));
  }

  /** As the runner's own toolkit escapes it; a line break cannot be in it. */
  private static String text(String text) {
    return Printable.line(text).replace("%", "%25");
  }

  private static String property(String text) {
    return text(text).replace(":", "%3A").replace(",", "%2C");
  }
}
