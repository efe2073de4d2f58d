package io.tarkiln.kaniko;

import java.util.List;
import java.util.Locale;

/** How Kaniko finds out what a RUN instruction has changed. */
public enum Snapshots {
  /** By the content of all files. The default: nothing is missed. */
  FULL(List.of("--snapshot-mode=full")),
  /**
   * By times of change, and by a list of files that RUN made. Two to three times as fast where
   * images are large, and wrong where a RUN deletes a file, changes its mode, owner or capabilities
   * alone, or writes another one of the same time: the image keeps the old state.
   */
  FAST(List.of("--snapshot-mode=time", "--use-new-run"));

  private final List<String> arguments;

  Snapshots(List<String> arguments) {
    this.arguments = arguments;
  }

  /** Kaniko's arguments. */
  public List<String> arguments() {
    return arguments;
  }

  /** As settings and the workflow template's parameter write it. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one that a setting names.
   *
   * @throws IllegalArgumentException names the setting and what may be written
   */
  public static Snapshots of(String setting, String value) {
    for (Snapshots each : values()) {
      if (each.wire().equals(value)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "%s=%s is no way to take snapshots: write full or fast".formatted(setting, value));
  }
}
