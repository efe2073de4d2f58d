package io.tarkiln.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The folder of a server that all tests of a JVM share. */
public final class ScratchFolder {
  private ScratchFolder() {}

  /** Starts a server in a folder; when the JVM ends, it is closed and the folder removed. */
  public static <T extends AutoCloseable> T start(String name, Start<T> start) {
    try {
      Path folder = Files.createTempDirectory("tarkiln-" + name);
      T server = start.in(folder);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder), "end-" + name));
      return server;
    } catch (IOException failed) {
      throw new UncheckedIOException("no %s for the tests".formatted(name), failed);
    }
  }

  /** How a server starts. */
  public interface Start<T> {
    T in(Path folder) throws IOException;
  }

  private static void end(AutoCloseable server, Path folder) {
    try {
      server.close();
      remove(folder);
    } catch (Exception failed) {
      System.err.println("left behind: " + failed);
    }
  }

  /** Removes a folder with all that is in it. */
  public static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
