package io.tarkiln.kaniko.local;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.RunInput;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.launch.RunDirectory;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Brings a run's build context and Dockerfile from S3 into its directory. The archive is not
 * unpacked here: Kaniko does that where it can do no harm, and in the bytes that names really have.
 */
record RunSource(ObjectStore store, KanikoRun run) {
  void into(RunDirectory directory) throws RejectedException, UnavailableException {
    RunInput input = run.input();
    fetch(input.sourceKey(), directory.context());
    fetch(input.dockerfileKey(), directory.dockerfile());
  }

  private void fetch(String key, Path place) throws RejectedException, UnavailableException {
    try (InputStream object = store.open(key).orElseThrow(() -> expired(key))) {
      Files.copy(object, place, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException broken) {
      throw new UnavailableException(
          "fetching %s from S3 broke off: %s".formatted(key, broken.getMessage()), broken);
    }
  }

  private static RejectedException expired(String key) {
    return new RejectedException(
        Reason.NO_DOCKERFILE,
        "no object %s in S3: it has expired, replay the build".formatted(key));
  }
}
