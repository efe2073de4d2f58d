package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.context.ContextFiles;
import java.util.Map;
import java.util.Optional;

/**
 * What a build asks for beside its Dockerfile.
 *
 * @param buildArgs values of ARGs
 * @param target name of the stage that is built; the last one where it is empty
 * @param cache whether Kaniko takes layers of RUN from its cache
 * @param files of the build context
 */
public record BuildRequest(
    Map<String, String> buildArgs,
    Optional<String> target,
    Platform platform,
    boolean cache,
    ContextFiles files) {
  public BuildRequest {
    buildArgs = Map.copyOf(buildArgs);
  }
}
