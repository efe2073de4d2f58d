package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
import java.util.Map;
import java.util.Optional;

/**
 * What Kaniko gets for one service.
 *
 * @param sourceKey S3 key of the build context, a tar.gz with one top-level folder that stands for
 *     the repository's root
 * @param context folder of the build context, from the repository's root; {@code .} is the root
 * @param dockerfile path of the Dockerfile, from the repository's root
 * @param dockerfileKey S3 key of the Dockerfile that takes that path's place
 * @param auto whether an image that was built from the same is taken instead of building
 */
public record RunInput(
    String sourceKey,
    String context,
    String dockerfile,
    String dockerfileKey,
    Map<String, String> buildArgs,
    Optional<String> target,
    Boolean auto) {
  public RunInput {
    NameSyntax.key("input.sourceKey", sourceKey);
    context = NameSyntax.path("input.context", NameSyntax.text("input.context", context));
    dockerfile =
        NameSyntax.path("input.dockerfile", NameSyntax.text("input.dockerfile", dockerfile));
    NameSyntax.key("input.dockerfileKey", dockerfileKey);
    buildArgs = buildArgs == null ? Map.of() : Map.copyOf(buildArgs);
    target = target == null ? Optional.empty() : target;
    auto = auto != null && auto;
  }

  /** Input that is built in any case. */
  public RunInput(
      String sourceKey,
      String context,
      String dockerfile,
      String dockerfileKey,
      Map<String, String> buildArgs,
      Optional<String> target) {
    this(sourceKey, context, dockerfile, dockerfileKey, buildArgs, target, false);
  }

  /** The same input with another Dockerfile in the old one's place. */
  public RunInput withDockerfileKey(String key) {
    return new RunInput(sourceKey, context, dockerfile, key, buildArgs, target, auto);
  }
}
