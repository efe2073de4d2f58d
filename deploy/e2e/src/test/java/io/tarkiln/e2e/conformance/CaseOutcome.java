package io.tarkiln.e2e.conformance;

import java.util.Locale;

/** How the product's image is, beside BuildKit's. */
public enum CaseOutcome {
  /** The same, or both refuse. */
  SAME("the same"),
  /** The build ends before Kaniko starts, and says why. */
  REFUSED("refused before Kaniko starts"),
  /** Kaniko ends with an error where BuildKit builds an image. */
  FAILED("Kaniko fails"),
  /** Another image, with a warning that says so. */
  WARNED("built otherwise, with a warning"),
  /** Another image, and nobody says so. */
  DIFFERS("built otherwise"),
  /** The same image with a warning. */
  WARNED_FOR_NOTHING("the same, with a warning");

  private final String words;

  CaseOutcome(String words) {
    this.words = words;
  }

  /** For people. */
  String words() {
    return words;
  }

  /** As files have it. */
  String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static CaseOutcome ofWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
