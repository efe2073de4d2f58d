package io.tarkiln.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The one folder in which an embedded stack keeps everything, held by one process at a time. The
 * lock is the operating system's, so it ends with the process, however that ends.
 */
record StateDirectory(Path folder, FileChannel channel) implements AutoCloseable {
  /** {@code $XDG_STATE_HOME/tarkiln}, by default {@code ~/.local/state/tarkiln}. */
  static Path usual() {
    return Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
        .filter(home -> !home.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"))
        .resolve("tarkiln");
  }

  /**
   * Takes the folder, making it if need be.
   *
   * @throws UsageException when another process has it
   */
  static StateDirectory lock(Path folder) throws IOException, UsageException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new UsageException(
          "another 'tarkiln up' runs on %s: stop it, or choose another folder with --state"
              .formatted(folder));
    }
    return new StateDirectory(folder, channel);
  }

  Path in(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
