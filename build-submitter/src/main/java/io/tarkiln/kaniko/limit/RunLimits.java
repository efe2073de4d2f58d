package io.tarkiln.kaniko.limit;

import io.tarkiln.settings.Settings;
import java.util.Optional;

/**
 * Most that one run may take of this machine.
 *
 * @param diskBytes on disk: source, file systems and image tar
 * @param processes at once
 * @param memoryBytes of memory; where there is none, the machine's is the bound
 */
public record RunLimits(long diskBytes, int processes, Optional<Long> memoryBytes) {
  private static final String DISK = "TARKILN_BUILD_DISK_MIB";
  private static final String PROCESSES = "TARKILN_BUILD_PROCESSES";
  private static final String MEMORY = "TARKILN_BUILD_MEMORY_MIB";
  private static final long MEBIBYTE = 1L << 20;
  private static final int DISK_MIB = 20 << 10;
  private static final int MOST_PROCESSES = 4096;

  public RunLimits {
    if (diskBytes < 1 || processes < 1 || memoryBytes.filter(bytes -> bytes < 1).isPresent()) {
      throw new IllegalArgumentException(
          "%s, %s and %s must be positive".formatted(DISK, PROCESSES, MEMORY));
    }
  }

  /**
   * From {@code TARKILN_BUILD_DISK_MIB} (20 GiB), {@code TARKILN_BUILD_PROCESSES} (4096) and {@code
   * TARKILN_BUILD_MEMORY_MIB} (none).
   */
  public static RunLimits of(Settings settings) {
    return new RunLimits(
        settings.number(DISK, DISK_MIB) * MEBIBYTE,
        Math.toIntExact(settings.number(PROCESSES, MOST_PROCESSES)),
        settings.get(MEMORY).map(set -> settings.number(MEMORY, 0) * MEBIBYTE));
  }
}
