package io.tarkiln.event;

import io.tarkiln.build.Grammar;
import java.util.List;
import java.util.Optional;

/**
 * The image of a service is there to be pushed: its tar is in S3, or, for a service that did not
 * change, a tag in the registry names it.
 *
 * @param imageTarKey S3 key of the tar; empty with {@code retagFrom}
 * @param sizeBytes of the tar; 0 with {@code retagFrom}
 * @param baseImages as the Dockerfile was built, for finding blobs to mount
 * @param retagFrom the tag whose image gets the new name; empty with a tar
 */
public record ImageBuilt(
    String workload,
    String service,
    BuildPlan plan,
    Optional<String> imageTarKey,
    long sizeBytes,
    List<BaseImage> baseImages,
    Optional<String> retagFrom)
    implements ServiceEventData {
  public ImageBuilt {
    Grammar.name("workload", Grammar.text("workload", workload));
    Grammar.name("service", Grammar.text("service", service));
    Grammar.present("plan", plan);
    imageTarKey = imageTarKey == null ? Optional.empty() : imageTarKey;
    retagFrom = retagFrom == null ? Optional.empty() : retagFrom;
    if (imageTarKey.isPresent() == retagFrom.isPresent()) {
      throw new IllegalArgumentException("one of imageTarKey and retagFrom must be given");
    }
    retagFrom.ifPresent(tag -> Grammar.tag("retagFrom", tag));
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
        Optional.empty());
  }

  /** Nothing is built; an image that is in the registry gets another name. */
  public static ImageBuilt retag(String workload, String service, BuildPlan plan, String tag) {
    return new ImageBuilt(
        workload, service, plan, Optional.empty(), 0, List.of(), Optional.of(tag));
  }

  @Override
  public Optional<BuildPlan> buildPlan() {
    return Optional.of(plan);
  }
}
