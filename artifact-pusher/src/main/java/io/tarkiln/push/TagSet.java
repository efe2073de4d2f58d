package io.tarkiln.push;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.registry.ImageReference;
import io.tarkiln.registry.Manifests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sets all tags of a build. A registry cannot set several at once, so those come first that it is
 * likeliest to refuse: where one may not be moved, it is refused before another is set.
 */
record TagSet(ImagePusher pusher) {
  /**
   * A tag to be set.
   *
   * @param image with the tag
   */
  record Tag(ImageReference image, Manifests.Stored manifest) {}

  private enum Standing {
    OTHER,
    NONE,
    SAME
  }

  private record Known(Tag tag, Standing standing) {}

  /**
   * Sets the tags that do not stand yet.
   *
   * @throws RejectedException when one is refused; names those that stand nevertheless
   */
  void set(List<Tag> tags) throws RejectedException, UnavailableException {
    List<Known> known = new ArrayList<>();
    for (Tag tag : tags) {
      known.add(new Known(tag, standing(tag)));
    }
    known.sort(Comparator.comparing(Known::standing));
    List<Tag> moved = new ArrayList<>();
    for (Known each : known) {
      if (each.standing() != Standing.SAME) {
        set(each.tag(), moved);
        moved.add(each.tag());
      }
    }
  }

  private Standing standing(Tag tag) throws RejectedException, UnavailableException {
    Optional<Manifests.Stored> stored = pusher.manifests(tag.image()).get(tag.image().tag());
    if (stored.isEmpty()) {
      return Standing.NONE;
    }
    return stored.get().digest().equals(tag.manifest().digest()) ? Standing.SAME : Standing.OTHER;
  }

  private void set(Tag tag, List<Tag> moved) throws RejectedException, UnavailableException {
    try {
      pusher.tag(tag.image(), tag.manifest());
    } catch (RejectedException refused) {
      String those =
          moved.stream().map(each -> each.image().toString()).collect(Collectors.joining(", "));
      throw moved.isEmpty()
          ? refused
          : new RejectedException(
              refused.reason(),
              "%s; of the build's tags these are set: %s".formatted(refused.getMessage(), those),
              refused);
    }
  }
}
