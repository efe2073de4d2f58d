package io.tarkiln.kaniko.access;

import io.tarkiln.event.BaseImage;
import io.tarkiln.image.ImageReference;
import io.tarkiln.image.RepositoryNames;
import io.tarkiln.kaniko.KanikoArguments;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a run needs of registries: to keep its layers, and to pull the images that its Dockerfile
 * names.
 */
record NeededActions(KanikoSettings settings) {
  private static final String DOCKER_HUB = "docker.io";

  /** Keeps a token within what servers take as a header. */
  private static final int MAX_REPOSITORIES = 50;

  /** The cache repository of a run. */
  ImageReference cache(KanikoRun run) {
    return ImageReference.parse(new KanikoArguments(settings).cacheRepository(run));
  }

  /**
   * The actions by registry, such as {@code repository:shop/api:pull}.
   *
   * @param pushesCache whether the run may keep layers
   */
  SortedMap<String, Set<String>> of(KanikoRun run, boolean pushesCache) {
    SortedMap<String, Set<String>> actions = new TreeMap<>();
    ImageReference cache = cache(run);
    Set<String> ofCacheHost = pull(actions, cache);
    if (pushesCache) {
      ofCacheHost.add(push(cache));
    }
    run.event().data().baseImages().stream()
        .filter(BaseImage::isPulled)
        .map(image -> named(image.after()))
        .flatMap(Optional::stream)
        .filter(image -> !isCache(image))
        .limit(MAX_REPOSITORIES)
        .forEach(image -> pullBase(actions, image, run.mirror()));
    return actions;
  }

  /** The repository that an action is on. */
  static String repository(String action) {
    return action.substring(action.indexOf(':') + 1, action.lastIndexOf(':'));
  }

  static String push(ImageReference image) {
    return "repository:" + image.repository() + ":push";
  }

  private void pullBase(
      SortedMap<String, Set<String>> actions, ImageReference image, boolean mirrored) {
    pull(actions, image);
    if (mirrored && image.registry().equals(DOCKER_HUB)) {
      settings
          .mirror()
          .ifPresent(
              host -> pull(actions, new ImageReference(host, image.repository(), image.tag())));
    }
  }

  /** Adds an action, and returns all that are needed of its registry. */
  private static Set<String> pull(
      SortedMap<String, Set<String>> actions, ImageReference image) {
    Set<String> ofHost = actions.computeIfAbsent(image.registry(), host -> new TreeSet<>());
    ofHost.add("repository:" + image.repository() + ":pull");
    return ofHost;
  }

  /** Layers of other services are none of a build's, though its Dockerfile may name them. */
  private boolean isCache(ImageReference image) {
    return image.name().startsWith(settings.cacheRepository() + "/" + RepositoryNames.CACHES + "/");
  }

  /** Docker's reading of a name that may leave out the host. */
  private static Optional<ImageReference> named(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    if (first.equals("index.docker.io")) {
      return ImageReference.named(DOCKER_HUB + name.substring(slash));
    }
    boolean hasHost = first.contains(".") || first.contains(":") || first.equals("localhost");
    if (hasHost) {
      return ImageReference.named(name);
    }
    return ImageReference.named(DOCKER_HUB + "/" + (slash < 0 ? "library/" : "") + name);
  }
}
