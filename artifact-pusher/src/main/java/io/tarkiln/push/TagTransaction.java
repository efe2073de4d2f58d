package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.registry.Manifests;
import io.tarkiln.store.ObjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sets all tags of a build, or none. A registry cannot set several at once, so those come first
 * that it is likeliest to refuse: where one may not be moved, it is refused before another is set.
 * Where it refuses a later one nevertheless, those before are rolled back.
 *
 * <p>A tag that was moved since the first try is left as it is: a newer build has it, which this
 * one would otherwise overtake when it tries again after an outage or a crash.
 */
record TagTransaction(ImagePusher pusher, ObjectStore store, BuildId build) {
  /**
   * A tag of the build.
   *
   * @param image with the tag
   * @param digest of the build's image
   */
  record Tag(ImageReference image, String digest) {}

  /**
   * A tag and what it names.
   *
   * @param digest empty where there is no such tag
   */
  record Standing(Tag tag, Optional<String> digest) {
    boolean isOurs() {
      return digest.filter(tag.digest()::equals).isPresent();
    }
  }

  /**
   * Sets the tags that do not stand yet, unless somebody else has moved them since the first try.
   *
   * @param manifests by digest
   * @throws RejectedException when one is refused; names those that could not be rolled back
   */
  void commit(List<Tag> tags, Map<String, Manifests.Stored> manifests)
      throws RejectedException, UnavailableException {
    List<Standing> standing = new ArrayList<>();
    for (Tag tag : tags) {
      standing.add(new Standing(tag, pusher.digest(tag.image())));
    }
    TagSnapshot before = TagSnapshot.putIfAbsent(store, build, standing);
    standing.sort(Comparator.comparing(each -> each.digest().isEmpty())); // false comes first
    for (Standing each : standing) {
      if (!each.isOurs() && before.holds(each)) {
        try {
          pusher.tag(
              each.tag().image(), Objects.requireNonNull(manifests.get(each.tag().digest())));
        } catch (RejectedException refused) {
          throw tags.size() > 1 ? explained(refused, rollBack(tags, before)) : refused;
        }
      }
    }
  }

  /**
   * Makes true that no tag names an image of the build because of this transaction.
   *
   * @param before what the tags named before it
   * @return the tags that could not be rolled back
   */
  List<Tag> rollBack(List<Tag> tags, TagSnapshot before) throws UnavailableException {
    List<Tag> left = new ArrayList<>();
    for (Tag tag : tags) {
      if (!before.restore(pusher, tag)) {
        left.add(tag);
      }
    }
    return left;
  }

  private static RejectedException explained(RejectedException refused, List<Tag> left) {
    return new RejectedException(
        refused.reason(),
        left.isEmpty()
            ? refused.getMessage() + "; the build's other tags are as they were before"
            : "%s; of the build's tags these are set and could not be taken back: %s"
                .formatted(
                    refused.getMessage(),
                    left.stream()
                        .map(tag -> tag.image().toString())
                        .collect(Collectors.joining(", "))),
        refused);
  }
}
