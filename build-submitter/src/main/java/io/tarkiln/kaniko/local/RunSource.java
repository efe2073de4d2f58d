package io.tarkiln.kaniko.local;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildInput;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.local.LocalSettings.SourceLimits;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Brings a run's source from S3 into its workspace, with the rewritten Dockerfile in place. */
record RunSource(ObjectStore store, KanikoRun run) {
  void into(RunDirectory directory, SourceLimits limits)
      throws RejectedException, UnavailableException {
    unpack(directory.workspace(), limits);
    putDockerfile(directory.workspace());
  }

  private void unpack(Path workspace, SourceLimits limits)
      throws RejectedException, UnavailableException {
    String key = run.input().sourceKey();
    try (InputStream archive = store.open(key).orElseThrow(() -> expired(key))) {
      SourceUnpacker.unpack(archive, workspace, limits);
    } catch (IOException broken) {
      throw new UnavailableException(
          "unpacking %s from S3 broke off: %s".formatted(key, broken.getMessage()), broken);
    }
  }

  private void putDockerfile(Path workspace) throws RejectedException, UnavailableException {
    BuildInput input = run.input();
    byte[] rewritten =
        store.read(input.dockerfileKey()).orElseThrow(() -> expired(input.dockerfileKey()));
    try {
      Path place = workspace.resolve(input.dockerfile());
      // The folder may be a symlink of the repository's; it may not lead out of it.
      Path folder = real(place.getParent());
      if (!folder.startsWith(workspace.toRealPath())) {
        throw new RejectedException(
            Reason.PATH_OUTSIDE_REPOSITORY,
            "%s leads out of the repository through a symlink".formatted(input.dockerfile()));
      }
      Path file = folder.resolve(place.getFileName());
      if (Files.isDirectory(file)) {
        throw new RejectedException(
            Reason.NO_DOCKERFILE, "%s is a directory".formatted(input.dockerfile()));
      }
      Files.deleteIfExists(file);
      Files.write(file, rewritten);
    } catch (IOException failed) {
      throw new UnavailableException("cannot write the Dockerfile into the workspace", failed);
    }
  }

  private Path real(Path folder) throws RejectedException {
    try {
      return folder.toRealPath();
    } catch (IOException missing) {
      throw new RejectedException(
          Reason.NO_DOCKERFILE,
          "the source has no folder for %s".formatted(run.input().dockerfile()),
          missing);
    }
  }

  private static RejectedException expired(String key) {
    return new RejectedException(
        Reason.NO_DOCKERFILE,
        "no object %s in S3: it has expired, replay the build".formatted(key));
  }
}
