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
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sets all tags of a build. A registry cannot set several at once, so those come first that it is
 * likeliest to refuse: where one may not be moved, it is refused before another is set. Where it
 * refuses a later one nevertheless, those before are rolled back.
 *
 * <p>A tag that was moved since the first try is left as it is: a newer build has it, which this
 * one would otherwise overtake when it tries again after an outage or a crash.
 */
record TagSet(ImagePusher pusher, ObjectStore store, BuildId build) {
  /**
   * A tag to be set.
   *
   * @param image with the tag
   */
  record Tag(ImageReference image, Manifests.Stored manifest) {}

  /**
   * A tag and what it names.
   *
   * @param digest empty where there is no such tag
   */
  record Known(Tag tag, Optional<String> digest) {
    boolean stands() {
      return digest.filter(tag.manifest().digest()::equals).isPresent();
    }
  }

  /**
   * Sets the tags that do not stand yet, unless somebody else has moved them since the first try.
   *
   * @throws RejectedException when one is refused; names those that could not be rolled back
   */
  void set(List<Tag> tags) throws RejectedException, UnavailableException {
    List<Known> known = new ArrayList<>();
    for (Tag tag : tags) {
      known.add(new Known(tag, pusher.digest(tag.image())));
    }
    TagSnapshot before = TagSnapshot.pinned(store, build, known);
    known.sort(Comparator.comparing(each -> each.digest().isEmpty())); // false comes first
    for (Known each : known) {
      if (!each.stands() && before.isOf(each)) {
        try {
          pusher.tag(each.tag().image(), each.tag().manifest());
        } catch (RejectedException refused) {
          throw tags.size() > 1 ? rolledBack(refused, tags, before) : refused;
        }
      }
    }
  }

  private RejectedException rolledBack(
      RejectedException refused, List<Tag> tags, TagSnapshot before) throws UnavailableException {
    List<String> left = new ArrayList<>();
    for (Tag tag : tags) {
      if (!before.rollBack(pusher, tag.image(), tag.manifest().digest())) {
        left.add(tag.image().toString());
      }
    }
    return new RejectedException(
        refused.reason(),
        left.isEmpty()
            ? refused.getMessage() + "; the build's other tags are as they were before"
            : "%s; of the build's tags these are set and could not be taken back: %s"
                .formatted(refused.getMessage(), left.stream().collect(Collectors.joining(", "))),
        refused);
  }
}
