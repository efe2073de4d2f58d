package io.tarkiln.push;

import io.tarkiln.event.BaseImage;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.image.ImageReference;
import io.tarkiln.image.RepositoryNames;
import io.tarkiln.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where images go, and which other repositories may have their blobs.
 *
 * @param registry host and, if need be, a path in it
 * @param cacheRepository host and path under which {@code kaniko-cache} lives
 * @param proxies host and path of each proxy project
 */
public record ImageRepositories(String registry, String cacheRepository, List<String> proxies) {
  private static final int MAX_HOLDERS = 4;

  public ImageRepositories {
    proxies = List.copyOf(proxies);
  }

  /** Without proxy projects. */
  public ImageRepositories(String registry, String cacheRepository) {
    this(registry, cacheRepository, List.of());
  }

  public static ImageRepositories of(Settings settings) {
    return new ImageRepositories(
        settings.registry(), settings.cacheRepository(), settings.proxyProjects());
  }

  /** The image of a service, with the build's tag. */
  public ImageReference of(ImageBuilt built, String service) {
    return ImageReference.parse(
        RepositoryNames.image(registry, built.workload(), service) + ":" + built.plan().tag());
  }

  /**
   * Repositories of the same registry that are likely to have blobs of the image: those of its base
   * images, its RUN-layer cache, and the workload's other services, which often share a base. A
   * Dockerfile may name any image and a tar any blob, and blobs are mounted with the right to read
   * all releases: base images count where everybody has them, in proxy projects, or where they are
   * the workload's own.
   */
  List<String> likelyHolders(ImageBuilt built) {
    ImageReference image = of(built, built.service());
    Set<String> holders = new LinkedHashSet<>();
    built.baseImages().stream()
        .map(BaseImage::after)
        .filter(name -> isOpenTo(built.workload(), name))
        .forEach(name -> addIfSameRegistry(holders, image, name));
    addIfSameRegistry(
        holders, image, RepositoryNames.cache(cacheRepository, built.workload(), built.service()));
    for (String service : built.plan().services()) {
      holders.add(of(built, service).repository());
    }
    holders.remove(image.repository());
    return new ArrayList<>(holders).subList(0, Math.min(holders.size(), MAX_HOLDERS));
  }

  private boolean isOpenTo(String workload, String image) {
    return image.startsWith(registry + "/" + workload + "/")
        // A whole registry in a proxy's place may be the one that has the releases, too.
        || proxies.stream().anyMatch(proxy -> proxy.contains("/") && image.startsWith(proxy + "/"));
  }

  private static void addIfSameRegistry(Set<String> holders, ImageReference image, String other) {
    ImageReference.named(other)
        .filter(known -> known.registry().equals(image.registry()))
        .ifPresent(known -> holders.add(known.repository()));
  }
}
