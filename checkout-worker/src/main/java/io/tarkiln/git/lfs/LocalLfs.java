package io.tarkiln.git.lfs;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Git LFS's files of a repository on this machine, where git-lfs keeps them. */
final class LocalLfs {
  private LocalLfs() {}

  static InputStream open(Path repository, LfsPointer pointer)
      throws IOException, RejectedException {
    String oid = pointer.oid();
    String within = "lfs/objects/%s/%s/%s".formatted(oid.substring(0, 2), oid.substring(2, 4), oid);
    for (Path folder : new Path[] {repository.resolve(".git"), repository}) {
      if (Files.isRegularFile(folder.resolve(within))) {
        return Files.newInputStream(folder.resolve(within));
      }
    }
    throw new RejectedException(
        Reason.NO_SUCH_REVISION,
        "%s lacks the LFS file %s: run 'git lfs fetch' there".formatted(repository, oid));
  }
}
