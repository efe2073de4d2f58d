package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;

/**
 * A line of a Dockerfile that the engine builds otherwise than it says; the build goes on.
 *
 * @param line first line of the instruction in the Dockerfile as it is in git, from 1
 * @param code for machines, such as {@code copy-parents-mode}; the documentation has a row for each
 * @param message one sentence for people: what differs and what to write instead
 */
public record Warning(int line, String code, String message) {
  public Warning {
    if (line < 1) {
      throw new IllegalArgumentException("warnings.line %d is no line".formatted(line));
    }
    NameSyntax.text("warnings.code", code);
    NameSyntax.text("warnings.message", message);
  }
}
