package io.tarkiln.checkout;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.Optional;

/** Reads Dockerfiles out of a commit; a link to one within the repository is followed. */
final class Dockerfiles {
  private static final int MOST_LINKS = 10;
  private static final long LARGEST = 1 << 20;

  private Dockerfiles() {}

  /** The bytes of a Dockerfile. */
  static byte[] read(SourceTree source, String path)
      throws IOException, RejectedException, UnavailableException {
    String at = path;
    for (int links = 0; links <= MOST_LINKS; links++) {
      Optional<SourceTree.Found> found = source.find(at);
      if (found.isPresent() && found.get().isFile()) {
        return found.get().bytes(LARGEST);
      }
      if (found.isEmpty() || !found.get().isLink()) {
        throw none("no Dockerfile at %s in %s", path, source);
      }
      String target = SourceTree.printable(found.get().target());
      at =
          Links.resolve(at, target)
              .orElseThrow(
                  () ->
                      new RejectedException(
                          Reason.PATH_OUTSIDE_REPOSITORY,
                          "the Dockerfile %s is a link that leads out of %s"
                              .formatted(path, source.where())));
    }
    throw none("the Dockerfile %s is a chain of links in %s", path, source);
  }

  private static RejectedException none(String format, String path, SourceTree source) {
    return new RejectedException(Reason.NO_DOCKERFILE, format.formatted(path, source.where()));
  }
}
