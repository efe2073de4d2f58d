package io.tarkiln.image;

/**
 * Names of the repositories that images and layer caches of services lie in; nothing else decides
 * them. The Workflow template of Argo writes the cache's by the same rule.
 */
public final class RepositoryNames {
  /** The folder below the cache registry in which all caches of RUN layers lie. */
  public static final String CACHES = "kaniko-cache";

  private RepositoryNames() {}

  /**
   * The repository of a service's image.
   *
   * @param registry host and, if need be, a path in it
   */
  public static String image(String registry, String workload, String service) {
    return registry + "/" + workload + "/" + service;
  }

  /**
   * The repository of a service's RUN-layer cache; one for each service.
   *
   * @param registry host and, if need be, a path in it
   */
  public static String cache(String registry, String workload, String service) {
    return "%s/%s/%s-%s".formatted(registry, CACHES, workload, service);
  }
}
