package io.tarkiln.inputs;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.json.Json;
import io.tarkiln.image.Digests;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that decides what image a service becomes, as far as it can be known without building it.
 *
 * @param source S3 key of the build context, which is named by git's id of the tree
 * @param context folder of the build context
 * @param dockerfile path of the Dockerfile
 * @param rewritten digest of the Dockerfile that Kaniko gets
 * @param baseImages digest of each image that the Dockerfile names, by its name
 */
public record BuildInputs(
    String source,
    String context,
    String dockerfile,
    String rewritten,
    SortedMap<String, String> buildArgs,
    Optional<String> target,
    SortedMap<String, String> baseImages) {
  public BuildInputs {
    NameSyntax.text("source", source);
    NameSyntax.text("context", context);
    NameSyntax.text("dockerfile", dockerfile);
    NameSyntax.digest("rewritten", NameSyntax.text("rewritten", rewritten));
    buildArgs = buildArgs == null ? new TreeMap<>() : new TreeMap<>(buildArgs);
    target = target == null ? Optional.empty() : target;
    baseImages = baseImages == null ? new TreeMap<>() : new TreeMap<>(baseImages);
  }

  public static BuildInputs of(
      RunInput input, byte[] rewritten, SortedMap<String, String> baseImages) {
    return new BuildInputs(
        input.sourceKey(),
        input.context(),
        input.dockerfile(),
        Digests.of(rewritten),
        new TreeMap<>(input.buildArgs()),
        input.target(),
        baseImages);
  }

  /** The same for the same inputs, and only for them. */
  public String digest() {
    return Digests.of(Json.bytes(this)); // fields in their order, maps sorted
  }
}
