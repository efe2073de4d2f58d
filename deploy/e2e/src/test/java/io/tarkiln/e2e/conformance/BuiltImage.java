package io.tarkiln.e2e.conformance;

import io.tarkiln.event.Warning;
import java.util.List;

/** What a builder made of a case. */
sealed interface BuiltImage {
  /**
   * An image.
   *
   * @param warnings what the build was told to be otherwise than the Dockerfile says
   * @param log the builder's own lines
   */
  record Image(FlatImage image, List<Warning> warnings, List<String> log) implements BuiltImage {
    public Image {
      warnings = List.copyOf(warnings);
      log = List.copyOf(log);
    }
  }

  /** It ended before the engine started. */
  record Refused(String message) implements BuiltImage {}

  /** The engine ran and failed. */
  record Failed(String message, List<String> log) implements BuiltImage {
    public Failed {
      log = List.copyOf(log);
    }
  }
}
