package io.tarkiln.kaniko.local;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A directory into which names from an archive are put. Every part of a name is looked at without
 * following it, so that no symlink leads out.
 */
record SafeTree(Path root) {
  /** Refuses names that could mean another place than they say. */
  static void check(String name) throws RejectedException {
    String trimmed = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    boolean harmless =
        !trimmed.startsWith("/")
            && trimmed.indexOf('\0') < 0
            && Arrays.stream(trimmed.split("/", -1))
                .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (!harmless) {
      throw refused(name, "is not a plain relative path");
    }
  }

  /** Makes a directory and those above it. */
  Path directory(String name) throws IOException, RejectedException {
    Path at = root;
    for (Path part : path(name)) {
      at = at.resolve(part);
      if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(name, "leads through a file or symlink");
      }
      Files.createDirectory(at);
      Files.setPosixFilePermissions(at, permissions(0755));
    }
    return at;
  }

  /** A place where nothing is yet, in a directory that is there. */
  Path free(String name) throws IOException, RejectedException {
    Path place = place(name);
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(name, "is there twice");
    }
    return place;
  }

  /** A file that was put here before. */
  Path file(String name) throws IOException, RejectedException {
    Path place = name.isEmpty() ? root : place(name);
    if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(name, "is linked to and is not a file that came before");
    }
    return place;
  }

  private Path place(String name) throws IOException, RejectedException {
    Path relative = path(name);
    Path parent = relative.getParent();
    return (parent == null ? root : directory(parent.toString())).resolve(relative.getFileName());
  }

  /** The text as a path of this platform. */
  Path path(String text) throws RejectedException {
    try {
      return Path.of(text);
    } catch (InvalidPathException unmappable) {
      throw new RejectedException(
          Reason.INTERNAL_ERROR,
          "the source has a file name that Java cannot write here: run Tarkiln with LC_ALL=C.UTF-8",
          unmappable);
    }
  }

  /** The permission bits of a Unix mode, with the owner's right to read kept. */
  static Set<PosixFilePermission> permissions(int mode) {
    EnumSet<PosixFilePermission> set = EnumSet.of(PosixFilePermission.OWNER_READ);
    PosixFilePermission[] fromOwnerReadOn = PosixFilePermission.values();
    for (int bit = 0; bit < fromOwnerReadOn.length; bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        set.add(fromOwnerReadOn[bit]);
      }
    }
    return set;
  }

  static RejectedException refused(String name, String why) {
    String shown = name.replaceAll("\\p{Cntrl}", "?");
    return new RejectedException(
        Reason.PATH_OUTSIDE_REPOSITORY,
        "the source archive is refused: its entry '%s' %s"
            .formatted(shown.length() > 200 ? shown.substring(0, 200) + "..." : shown, why));
  }
}
