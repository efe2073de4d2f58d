package io.tarkiln.submit;

import io.tarkiln.event.BaseImage;
import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.error.RegistryException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds out which images the names in a Dockerfile mean now. Only our own registry and its proxies
 * are asked: who writes a Dockerfile must not choose where requests go.
 *
 * @param hosts of registries that may be asked
 */
record BaseDigests(RegistryClient client, Set<String> hosts) {
  private static final int MAX_IMAGES = 50;

  /**
   * The digest of each image, by its name.
   *
   * @return empty when not all of them can be known
   */
  Optional<SortedMap<String, String>> of(List<BaseImage> images) throws RegistryException {
    SortedMap<String, String> digests = new TreeMap<>();
    for (BaseImage image : images) {
      if (!image.isPulled() || digests.containsKey(image.after())) {
        continue;
      }
      Optional<String> digest = digests.size() < MAX_IMAGES ? digest(image) : Optional.empty();
      if (digest.isEmpty()) {
        return Optional.empty();
      }
      digests.put(image.after(), digest.get());
    }
    return Optional.of(digests);
  }

  private Optional<String> digest(BaseImage image) throws RegistryException {
    Optional<String> pinned = ImageReference.pinnedDigest(image.after());
    if (pinned.isPresent()) {
      return pinned;
    }
    Optional<ImageReference> name =
        ImageReference.named(image.after()).filter(known -> hosts.contains(known.registry()));
    return name.isPresent()
        ? new Manifests(client.connectToRead(name.get())).digest(name.get().tag())
        : Optional.empty();
  }
}
