package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The image of a service is there to be pushed: its tar is in S3, or, for a service that did not
 * change, a tag or digest in the registry names it.
 *
 * @param imageTarKey S3 key of the tar; empty where nothing was built
 * @param sizeBytes of the tar; 0 where nothing was built
 * @param baseImages as the Dockerfile was built, for finding blobs to mount
 * @param retagFrom the tag whose image gets the new name; empty with a tar
 * @param unchanged the digest of an image that was built from the same and gets the new name; empty
 *     otherwise
 */
public record ImageBuilt(
    String workload,
    String service,
    BuildPlan plan,
    Optional<String> imageTarKey,
    long sizeBytes,
    List<BaseImage> baseImages,
    Optional<String> retagFrom,
    Optional<String> unchanged)
    implements ServiceEventData {
  public ImageBuilt {
    NameSyntax.name("workload", NameSyntax.text("workload", workload));
    NameSyntax.name("service", NameSyntax.text("service", service));
    NameSyntax.present("plan", plan);
    imageTarKey = imageTarKey == null ? Optional.empty() : imageTarKey;
    retagFrom = retagFrom == null ? Optional.empty() : retagFrom;
    unchanged = unchanged == null ? Optional.empty() : unchanged;
    if (Stream.of(imageTarKey, retagFrom, unchanged).filter(Optional::isPresent).count() != 1) {
      throw new IllegalArgumentException(
          "one of imageTarKey, retagFrom and unchanged must be given");
    }
    unchanged.ifPresent(digest -> NameSyntax.digest("unchanged", digest));
    imageTarKey.ifPresent(key -> NameSyntax.key("imageTarKey", key));
    retagFrom.ifPresent(tag -> NameSyntax.tag("retagFrom", tag));
    baseImages = baseImages == null ? List.of() : List.copyOf(baseImages);
  }

  /** Kaniko wrote a tar. */
  public static ImageBuilt tar(DockerfileRewritten built, String imageTarKey, long sizeBytes) {
    return new ImageBuilt(
        built.workload(),
        built.service(),
        built.plan(),
        Optional.of(imageTarKey),
        sizeBytes,
        built.baseImages(),
        Optional.empty(),
        Optional.empty());
  }

  /** Nothing is built; an image that is in the registry gets another name. */
  public static ImageBuilt retag(String workload, String service, BuildPlan plan, String tag) {
    return new ImageBuilt(
        workload,
        service,
        plan,
        Optional.empty(),
        0,
        List.of(),
        Optional.of(tag),
        Optional.empty());
  }

  /** Nothing is built; an image of the same context, Dockerfile and base images gets the name. */
  public static ImageBuilt unchanged(DockerfileRewritten source, String digest) {
    return new ImageBuilt(
        source.workload(),
        source.service(),
        source.plan(),
        Optional.empty(),
        0,
        source.baseImages(),
        Optional.empty(),
        Optional.of(digest));
  }

  @Override
  public Optional<BuildPlan> buildPlan() {
    return Optional.of(plan);
  }
}
