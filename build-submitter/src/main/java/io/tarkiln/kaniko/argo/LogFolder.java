package io.tarkiln.kaniko.argo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for the logs of runs under way. Processes on one machine may share it: each holds a
 * lock that all may hold, and only who finds nobody there removes what killed ones left behind.
 */
final class LogFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);

  /** Not the {@code lock} of the local engine, which has its work directory for itself. */
  private static final String LOCK = "argo-logs.lock";

  /** A Workflow's name, which ends as {@link io.tarkiln.kaniko.KanikoRun} says. */
  private static final Pattern LOG_OF_A_RUN =
      Pattern.compile(".+-[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(-[0-9]+)?\\.log");

  private final FileChannel lock;

  private LogFolder(FileChannel lock) {
    this.lock = lock;
  }

  /** Makes the folder where there is none, and takes part in it until closed or killed. */
  static LogFolder open(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try (FileLock alone = channel.tryLock()) {
        if (alone != null) {
          removeLeftovers(path);
        }
      }
      channel.lock(0, Long.MAX_VALUE, true);
      return new LogFolder(channel);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot keep logs in " + path, failed);
    }
  }

  private static void removeLeftovers(Path path) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        if (LOG_OF_A_RUN.matcher(file.getFileName().toString()).matches()) {
          LOG.info("removing a left-over log file={}", file);
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failed) {
      LOG.warn("cannot let go of the folder for logs", failed);
    }
  }
}
