package io.tarkiln.git.tree;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.dockerignore.BadPatternException;
import io.tarkiln.dockerignore.IgnoreFile;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds what a build ignores: {@code <Dockerfile>.dockerignore} beside the Dockerfile goes before
 * the {@code .dockerignore} of the context, as in BuildKit (frontend/dockerui). One that is a link
 * is followed; if it leads nowhere, or out of the context, there is none.
 */
final class IgnoreFiles {
  private static final String NAME = ".dockerignore";
  private static final long MAX_SIZE = 1 << 20;

  private IgnoreFiles() {}

  /**
   * What a build ignores.
   *
   * @param context raw path of the context, without links
   * @param dockerfile raw path of the Dockerfile
   */
  static IgnoreFile of(CommitTree tree, String context, String dockerfile)
      throws IOException, RejectedException, UnavailableException {
    Optional<CommitTree.Found> own = PathResolver.resolve(tree, dockerfile + NAME).file();
    if (own.isPresent()) {
      return read(own.get(), dockerfile + NAME);
    }
    String place = context.isEmpty() ? NAME : context + "/" + NAME;
    PathResolver.Resolved common = PathResolver.resolve(tree, place);
    boolean isInContext = context.isEmpty() || common.path().startsWith(context + "/");
    return common.file().isPresent() && isInContext
        ? read(common.file().get(), place)
        : IgnoreFile.NONE;
  }

  private static IgnoreFile read(CommitTree.Found file, String path)
      throws IOException, RejectedException, UnavailableException {
    try {
      return IgnoreFile.parse(file.bytes(MAX_SIZE));
    } catch (BadPatternException bad) {
      throw rejected(CommitTree.printable(path), file.in(), bad);
    }
  }

  /** The same, told of a build. */
  static RejectedException rejected(String path, CommitTree in, BadPatternException bad) {
    return new RejectedException(
        Reason.BAD_REQUEST, "%s in %s, %s".formatted(path, in.where(), bad.getMessage()), bad);
  }
}
