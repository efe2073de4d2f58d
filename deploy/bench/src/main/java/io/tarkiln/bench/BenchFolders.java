package io.tarkiln.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where a bench keeps its files. */
public final class BenchFolders {
  private static final Path MEMORY = Path.of("/dev/shm");

  private BenchFolders() {}

  /**
   * A new folder in memory, if there is more room than that: what disks do is another matter.
   *
   * @param bytes the most that it will hold
   */
  public static Path inMemory(String prefix, long bytes) throws IOException {
    boolean hasRoom =
        Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > bytes;
    return Files.createTempDirectory(
        hasRoom ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")), prefix);
  }

  /** Deletes a folder with all that is in it. */
  public static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
