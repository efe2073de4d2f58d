package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run; closing deletes it.
 *
 * <p>Source, Dockerfile, image tar and log lie beside what Kaniko sees as its root, not in it: a
 * RUN instruction can put no symlink in their place.
 */
public record RunDirectory(Path path) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

  /** Makes a directory with everything that a run begins with, over one that is there. */
  public static RunDirectory make(Path path) throws UnavailableException {
    RunDirectory made = new RunDirectory(path);
    made.close();
    try {
      Files.createDirectories(path);
      Files.createDirectory(made.root());
      Files.createDirectory(made.registries());
      Files.createFile(made.context());
      Files.createFile(made.dockerfile());
      Files.createFile(made.dockerignore());
      Files.createFile(made.tar());
      return made;
    } catch (IOException failed) {
      made.close();
      throw new UnavailableException("cannot make the run's directory " + path, failed);
    }
  }

  String name() {
    return path.getFileName().toString();
  }

  /** The archive of the build context. */
  public Path context() {
    return path.resolve("context.tar.gz");
  }

  public Path dockerfile() {
    return path.resolve("Dockerfile");
  }

  /** Stays empty: what is to be ignored is not in the archive. */
  Path dockerignore() {
    return path.resolve("Dockerfile.dockerignore");
  }

  /** What Kaniko is to read about registries; it finds what is written there meanwhile. */
  public Path registries() {
    return path.resolve("registries");
  }

  /** The root file system of a sandbox; empty for containers, which bring their own. */
  Path root() {
    return path.resolve("root");
  }

  /** The image tar, an empty file until Kaniko writes it. */
  public Path tar() {
    return path.resolve("image.tar");
  }

  /** The log as far as it is written. */
  public Path log() {
    return path.resolve("build.log");
  }

  /**
   * Kills what still runs in it and deletes it all, following no symlink; what cannot be deleted is
   * named in our log.
   */
  @Override
  public void close() {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    OrphanProcesses.kill(root());
    try {
      Files.walkFileTree(path, new Deletion());
    } catch (IOException failed) {
      LOG.warn("cannot delete {}: please delete it, it is not needed any more", path, failed);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
        Files.setPosixFilePermissions(directory, OURS);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
