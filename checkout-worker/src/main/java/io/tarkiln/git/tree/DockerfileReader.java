package io.tarkiln.git.tree;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;

/** Reads Dockerfiles out of a commit; links within the repository are followed. */
public final class DockerfileReader {
  private static final long MAX_SIZE = 1 << 20;

  private DockerfileReader() {}

  /** The bytes of a Dockerfile, whether the context has it or ignores it. */
  public static byte[] read(CommitTree source, String path)
      throws IOException, RejectedException, UnavailableException {
    PathResolver.Resolved place = PathResolver.resolve(source, CommitTree.raw(path));
    if (place.isOutside()) {
      throw new RejectedException(
          Reason.PATH_OUTSIDE_REPOSITORY,
          "the Dockerfile %s is a link that leads out of %s".formatted(path, source.where()));
    }
    return place
        .file()
        .orElseThrow(
            () ->
                new RejectedException(
                    Reason.NO_DOCKERFILE,
                    "no Dockerfile at %s in %s".formatted(path, source.where())))
        .bytes(MAX_SIZE);
  }
}
