package io.tarkiln.cli.view;

import io.tarkiln.cli.session.Printable;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Warning;
import java.util.List;

/** The warnings of a build, a line each: what an engine builds otherwise than Dockerfiles say. */
final class WarningText {
  private WarningText() {}

  /** A service's warnings, such as {@code api/Dockerfile line 12: message (code)}. */
  static List<String> of(DockerfileRewritten rewritten) {
    return rewritten.warnings().stream().map(each -> line(rewritten, each)).toList();
  }

  /** Those of all services; of which one it is, where there are several. */
  static List<String> of(BuildView view) {
    boolean several = view.services().size() > 1;
    return view.services().stream()
        .flatMap(
            service ->
                service.rewritten().map(WarningText::of).orElse(List.of()).stream()
                    .map(line -> several ? "service %s, %s".formatted(service.name(), line) : line))
        .toList();
  }

  private static String line(DockerfileRewritten rewritten, Warning warning) {
    return Printable.line(
        "%s line %d: %s (%s)"
            .formatted(
                rewritten.input().dockerfile(), warning.line(), warning.message(), warning.code()));
  }
}
