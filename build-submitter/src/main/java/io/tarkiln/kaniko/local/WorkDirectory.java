package io.tarkiln.kaniko.local;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.launch.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where runs have their directories, held by one engine at a time. */
final class WorkDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);

  private final Path runs;
  private final FileChannel lock;

  private WorkDirectory(Path runs, FileChannel lock) {
    this.runs = runs;
    this.lock = lock;
  }

  /**
   * Takes the directory, which only this user can enter from then on.
   *
   * @throws IllegalStateException when another engine has it
   */
  static WorkDirectory open(Path path) {
    try {
      Path runs = Files.createDirectories(path.resolve("runs"));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel)) {
        return new WorkDirectory(runs, channel);
      }
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot use " + path + " as work directory", failed);
    }
    throw new IllegalStateException(
        "the work directory %s is in use by another process: set TARKILN_WORK_DIRECTORY"
            .formatted(path));
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException byThisProcess) {
      LOG.debug("the lock is held by this process", byThisProcess);
      return false;
    }
  }

  /** Removes what runs of an earlier process left behind. */
  void removeLeftovers() {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(runs)) {
      for (Path leftover : leftovers) {
        LOG.info("removing a left-over run directory={}", leftover);
        new RunDirectory(leftover).close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot look into " + runs, failed);
    }
  }

  /** Makes the directory of a run. */
  RunDirectory make(String name) throws UnavailableException {
    return RunDirectory.make(runs.resolve(name));
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failed) {
      LOG.warn("cannot let go of the work directory {}", runs.getParent(), failed);
    }
  }
}
