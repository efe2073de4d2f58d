package io.tarkiln.kaniko.local;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.kaniko.local.LocalSettings.SourceLimits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks a source archive, a tar.gz with one top-level folder, without that folder.
 *
 * <p>The archive may be hostile: nothing is written outside the target, nothing through a symlink,
 * and nothing but files, directories, symlinks and hard links among its own files.
 */
final class SourceUnpacker {
  private static final int BUFFER = 1 << 16;

  private final SafeTree tree;
  private final SourceLimits limits;
  private long bytes;
  private long entries;
  private String top = "";

  private SourceUnpacker(Path target, SourceLimits limits) {
    this.tree = new SafeTree(target);
    this.limits = limits;
  }

  /**
   * Unpacks into a directory that is there and empty.
   *
   * @throws RejectedException when an entry is not harmless or the limits are passed
   * @throws IOException when the stream breaks off, is no tar.gz, or the disk does not take it
   */
  static void unpack(InputStream targz, Path target, SourceLimits limits)
      throws IOException, RejectedException {
    new SourceUnpacker(target, limits).unpack(targz);
  }

  private void unpack(InputStream targz) throws IOException, RejectedException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new BufferedInputStream(
                GzipCompressorInputStream.builder()
                    .setInputStream(targz)
                    .setDecompressConcatenated(true)
                    .get(),
                BUFFER),
            "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > limits.entries()) {
          throw new RejectedException(
              Reason.LIMIT_EXCEEDED,
              "the source has more than %d files: raise TARKILN_SOURCE_ENTRIES or leave some out"
                  .formatted(limits.entries()));
        }
        unpack(entry, tar);
      }
    }
  }

  private void unpack(TarArchiveEntry entry, TarArchiveInputStream tar)
      throws IOException, RejectedException {
    String name = inside(entry.getName());
    if (name.isEmpty()) {
      if (!entry.isDirectory()) {
        throw SafeTree.refused(entry.getName(), "stands where its only folder should be");
      }
    } else if (entry.isDirectory()) {
      tree.directory(name);
    } else if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(tree.free(name), tree.path(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(tree.free(name), tree.file(inside(entry.getLinkName())));
    } else if (isPlainFile(entry)) {
      file(tree.free(name), entry, tar);
    } else {
      throw SafeTree.refused(entry.getName(), "is neither file, directory nor link");
    }
  }

  /** By its type; Commons Compress calls everything a file that is no directory. */
  private static boolean isPlainFile(TarArchiveEntry entry) {
    byte type = entry.getLinkFlag();
    return type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
  }

  /** The name without the top-level folder; empty for that folder itself. */
  private String inside(String name) throws RejectedException {
    SafeTree.check(name);
    int slash = name.indexOf('/');
    String first = slash < 0 ? name : name.substring(0, slash);
    if (top.isEmpty()) {
      top = first;
    }
    if (!first.equals(top)) {
      throw SafeTree.refused(name, "is outside the archive's one top-level folder " + top);
    }
    return slash < 0 ? "" : name.substring(slash + 1);
  }

  private void file(Path path, TarArchiveEntry entry, InputStream content)
      throws IOException, RejectedException {
    try (OutputStream out =
        Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS)) {
      byte[] buffer = new byte[BUFFER];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        bytes += read;
        if (bytes > limits.bytes()) {
          throw new RejectedException(
              Reason.LIMIT_EXCEEDED,
              "the source unpacks to more than %d MiB: raise TARKILN_SOURCE_MIB or make it smaller"
                  .formatted(limits.bytes() >> 20));
        }
        out.write(buffer, 0, read);
      }
    }
    Files.setPosixFilePermissions(path, SafeTree.permissions(entry.getMode()));
    Files.setLastModifiedTime(path, FileTime.fromMillis(entry.getModTime().getTime()));
  }
}
