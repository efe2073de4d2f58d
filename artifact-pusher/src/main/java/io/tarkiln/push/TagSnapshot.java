package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.registry.Manifests;
import io.tarkiln.store.JsonObjects;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a build's tags named before the first of them was set, so that they can be rolled back when
 * a later one is refused, and are left alone when somebody else has moved them since; the content
 * of {@code tags-before.json}. Whoever goes on after a crash finds what the first one saw.
 *
 * @param digests by image and tag; empty texts where there was no such tag
 */
record TagSnapshot(Map<String, String> digests) {
  TagSnapshot {
    digests = Map.copyOf(digests);
  }

  /** Pins what stands, unless it was pinned before. */
  static TagSnapshot pinned(ObjectStore store, BuildId build, List<TagSet.Known> known)
      throws UnavailableException {
    Map<String, String> digests = new LinkedHashMap<>();
    known.forEach(each -> digests.put(each.tag().image().toString(), each.digest().orElse("")));
    return JsonObjects.pinned(
        store, ObjectKeys.tagsBefore(build), new TagSnapshot(digests), TagSnapshot.class);
  }

  /** What was pinned, if anything: nothing was tagged otherwise. */
  static Optional<TagSnapshot> read(ObjectStore store, BuildId build) throws UnavailableException {
    return JsonObjects.read(store, ObjectKeys.tagsBefore(build), TagSnapshot.class);
  }

  /** Whether the tag names what it did before. */
  boolean isOf(TagSet.Known known) {
    return digest(known.tag().image()).equals(known.digest().orElse(""));
  }

  private String digest(ImageReference image) {
    return digests.getOrDefault(image.toString(), "");
  }

  /**
   * Rolls a tag back that names an image of the build, as far as the registry lets us.
   *
   * @param image with the tag
   * @param ours digest of the build's image
   * @return whether it is as it was
   */
  boolean rollBack(ImagePusher pusher, ImageReference image, String ours)
      throws UnavailableException {
    String before = digest(image);
    try {
      Optional<String> now = pusher.digest(image);
      if (before.equals(ours) || now.filter(ours::equals).isEmpty()) {
        return true; // it was so already, or somebody else has moved it since
      }
      if (before.isEmpty()) {
        return pusher.untag(image);
      }
      Optional<Manifests.Stored> old = pusher.manifest(image, before);
      if (old.isEmpty()) {
        return false;
      }
      pusher.tag(image, old.get());
      return true;
    } catch (RejectedException refused) {
      return false;
    }
  }
}
