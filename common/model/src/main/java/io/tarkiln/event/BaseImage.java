package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
import java.util.Optional;
import java.util.Set;

/**
 * An operand of a Dockerfile that names an image, and what became of it.
 *
 * @param line first line of its instruction, from 1
 * @param instruction such as {@code FROM} or {@code COPY --from}
 * @param after the same as before where it was left
 * @param why a code such as {@code rewritten}, {@code stage}, {@code scratch}, {@code unmapped}
 * @param detail the name of a variable without a value, for example
 */
public record BaseImage(
    int line,
    String instruction,
    String before,
    String after,
    String why,
    Optional<String> detail) {
  private static final Set<String> NOT_PULLED = Set.of("stage", "scratch", "onbuild");

  public BaseImage {
    NameSyntax.text("baseImages.before", before);
    NameSyntax.text("baseImages.after", after);
    why = why == null ? "" : why;
    detail = detail == null ? Optional.empty() : detail;
  }

  /** Whether a build pulls it: it names no stage, not nothing, and no image of other builds. */
  public boolean isPulled() {
    return !NOT_PULLED.contains(why);
  }
}
