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
 * What a build's tags named before the first of them was set, so that they can be restored when a
 * later one is refused, and are left alone when somebody else has moved them since; the content of
 * {@code tags-before.json}. Whoever goes on after a crash finds what the first one saw.
 *
 * @param digests by image and tag; empty texts where there was no such tag
 */
record TagSnapshot(Map<String, String> digests) {
  TagSnapshot {
    digests = Map.copyOf(digests);
  }

  /** Pins what stands, unless it was pinned before. */
  static TagSnapshot putIfAbsent(
      ObjectStore store, BuildId build, List<TagTransaction.Standing> standing)
      throws UnavailableException {
    Map<String, String> digests = new LinkedHashMap<>();
    standing.forEach(each -> digests.put(each.tag().image().toString(), each.digest().orElse("")));
    return JsonObjects.putIfAbsent(
        store, ObjectKeys.tagsBefore(build), new TagSnapshot(digests), TagSnapshot.class);
  }

  /** What was pinned, if anything: nothing was tagged otherwise. */
  static Optional<TagSnapshot> read(ObjectStore store, BuildId build) throws UnavailableException {
    return JsonObjects.read(store, ObjectKeys.tagsBefore(build), TagSnapshot.class);
  }

  /** Whether the tag still names what it did before. */
  boolean holds(TagTransaction.Standing standing) {
    return digest(standing.tag().image()).equals(standing.digest().orElse(""));
  }

  private String digest(ImageReference image) {
    return digests.getOrDefault(image.toString(), "");
  }

  /**
   * Restores a tag that names the build's image, as far as the registry lets us.
   *
   * @return whether it is as it was
   */
  boolean restore(ImagePusher pusher, TagTransaction.Tag tag) throws UnavailableException {
    ImageReference image = tag.image();
    String before = digest(image);
    try {
      Optional<String> now = pusher.digest(image);
      if (before.equals(tag.digest()) || now.filter(tag.digest()::equals).isEmpty()) {
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
