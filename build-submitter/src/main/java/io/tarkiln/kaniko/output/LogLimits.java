package io.tarkiln.kaniko.output;

import io.tarkiln.settings.Settings;

/** Most that is kept of a run's log. */
public record LogLimits(long lines, long bytes) {
  private static final long MEBIBYTE = 1L << 20;

  /** From {@code TARKILN_LOG_LINES} (200000) and {@code TARKILN_LOG_MIB} (64). */
  public static LogLimits of(Settings settings) {
    return new LogLimits(
        settings.number("TARKILN_LOG_LINES", 200_000),
        settings.number("TARKILN_LOG_MIB", 64) * MEBIBYTE);
  }
}
