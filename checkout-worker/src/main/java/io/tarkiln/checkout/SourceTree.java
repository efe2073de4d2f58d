package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The files of a commit.
 *
 * @param root git's tree of them
 * @param where the commit and repository, for messages
 */
record SourceTree(ObjectReader reader, ObjectId root, String where) {
  private static final int MOST_LINKS = 10;
  private static final int LARGEST_DOCKERFILE = 1 << 20;
  private static final int LONGEST_LINK = 4096;

  /** What a path leads to. */
  record Found(FileMode mode, ObjectId id) {
    boolean isFolder() {
      return FileMode.TREE.equals(mode);
    }

    boolean isFile() {
      return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
    }
  }

  /** What is at a normalized path, if anything; links on the way are refused. */
  Optional<Found> find(String path) throws IOException, RejectedException {
    if (path.equals(".")) {
      return Optional.of(new Found(FileMode.TREE, root));
    }
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String parent = path.substring(0, slash);
      Optional<Found> on = at(parent);
      if (on.isPresent() && !on.get().isFolder() && !on.get().isFile()) {
        throw new RejectedException(
            Reason.PATH_OUTSIDE_REPOSITORY,
            "%s is a %s in %s: name the folder itself"
                .formatted(
                    parent,
                    FileMode.GITLINK.equals(on.get().mode()) ? "submodule" : "link",
                    where));
      }
    }
    return at(path);
  }

  private Optional<Found> at(String path) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(reader, path, root)) {
      return walk == null
          ? Optional.empty()
          : Optional.of(new Found(walk.getFileMode(0), walk.getObjectId(0)));
    }
  }

  /** The folder of a build context. */
  Found context(String path) throws IOException, RejectedException {
    Found found =
        find(path)
            .orElseThrow(
                () ->
                    new RejectedException(
                        Reason.BAD_REQUEST, "no folder %s in %s".formatted(path, where)));
    if (FileMode.SYMLINK.equals(found.mode()) || FileMode.GITLINK.equals(found.mode())) {
      throw new RejectedException(
          Reason.PATH_OUTSIDE_REPOSITORY,
          "the context %s is a link or submodule in %s: name the folder itself"
              .formatted(path, where));
    }
    if (!found.isFolder()) {
      throw new RejectedException(
          Reason.BAD_REQUEST, "the context %s is no folder in %s".formatted(path, where));
    }
    return found;
  }

  /** The bytes of a Dockerfile; a link to one within the repository is followed. */
  byte[] dockerfile(String path) throws IOException, RejectedException {
    String at = path;
    for (int links = 0; links <= MOST_LINKS; links++) {
      Optional<Found> found = find(at);
      if (found.isPresent() && found.get().isFile()) {
        return content(found.get().id(), path);
      }
      if (found.isEmpty() || !FileMode.SYMLINK.equals(found.get().mode())) {
        throw new RejectedException(
            Reason.NO_DOCKERFILE, "no Dockerfile at %s in %s".formatted(path, where));
      }
      String target = link(found.get().id());
      Optional<String> next = Links.resolve(at, target);
      at =
          next.orElseThrow(
              () ->
                  new RejectedException(
                      Reason.PATH_OUTSIDE_REPOSITORY,
                      "the Dockerfile %s is a link that leads out of %s".formatted(path, where)));
    }
    throw new RejectedException(
        Reason.NO_DOCKERFILE, "the Dockerfile %s is a chain of links in %s".formatted(path, where));
  }

  private byte[] content(ObjectId id, String path) throws IOException, RejectedException {
    ObjectLoader loader = reader.open(id);
    if (loader.getSize() > LARGEST_DOCKERFILE) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "the Dockerfile %s in %s is larger than %d bytes"
              .formatted(path, where, LARGEST_DOCKERFILE));
    }
    return loader.getBytes(LARGEST_DOCKERFILE);
  }

  /** Where a link points. */
  String link(ObjectId id) throws IOException {
    return new String(reader.open(id).getBytes(LONGEST_LINK), UTF_8);
  }
}
