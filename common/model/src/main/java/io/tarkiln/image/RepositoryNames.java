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
   * The repository of a service's RUN-layer cache; one for each service: {@code
   * <registry>/kaniko-cache/<workload>-<service>}, and with a slash between the two where one of
   * them has a dash, as {@code a-b} and {@code c} would share it with {@code a} and {@code b-c}.
   *
   * @param registry host and, if need be, a path in it
   */
  public static String cache(String registry, String workload, String service) {
    String between = (workload + service).contains("-") ? "/" : "-";
    return registry + "/" + CACHES + "/" + workload + between + service;
  }

  /**
   * Whether repositories of images of such a workload could be those of caches, where both are in
   * the same place.
   */
  public static boolean isTaken(String workload) {
    return workload.equals(CACHES);
  }
}
