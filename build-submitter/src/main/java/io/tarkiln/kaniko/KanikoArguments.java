package io.tarkiln.kaniko;

import io.tarkiln.image.RepositoryNames;
import io.tarkiln.store.ObjectKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Kaniko's arguments, the same in every engine and decided nowhere else. Each is one element of an
 * argument vector: no shell ever reads them.
 *
 * <p>All that Kaniko reads and writes lies below {@code /kaniko}, the one folder that it always
 * leaves out of images: a file or mount of ours anywhere else would hide what the image has there.
 */
public record KanikoArguments(KanikoSettings settings) {
  /** The folder of a run's files as Kaniko sees it. */
  public static final String FILES = "/kaniko/tarkiln";

  /** The Dockerfile, outside the build context: images get the original. */
  public static final String DOCKERFILE = FILES + "/Dockerfile";

  /**
   * An empty file, which Kaniko takes for the Dockerfile's own {@code .dockerignore}: the one in
   * the context has been applied at checkout, by other rules than Kaniko's.
   */
  public static final String DOCKERIGNORE = DOCKERFILE + ".dockerignore";

  /** The archive of the build context; Kaniko unpacks it, so that names and links are any bytes. */
  public static final String CONTEXT = FILES + "/context.tar.gz";

  /** Where Kaniko writes the image tar. */
  public static final String IMAGE_TAR = FILES + "/image.tar";

  /** As deep in an image as whiteouts of cached layers are kept from becoming files. */
  private static final int DEEPEST_WHITEOUT = 20;

  /** The repository of a service's RUN-layer cache. */
  public String cacheRepository(KanikoRun run) {
    return RepositoryNames.cache(settings.cacheRepository(), run.workload(), run.service());
  }

  /** All arguments of a run that keeps its layers. */
  public List<String> of(KanikoRun run) {
    return of(run, true);
  }

  /**
   * All arguments of a run, in the order of the documentation.
   *
   * @param pushesCache whether layers are kept in the cache repository, or only taken from it
   */
  public List<String> of(KanikoRun run, boolean pushesCache) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--dockerfile=" + DOCKERFILE);
    arguments.add("--context=tar://" + CONTEXT);
    arguments.add("--context-sub-path=" + folder(run.input().context()));
    arguments.add("--no-push");
    arguments.add("--tar-path=" + IMAGE_TAR);
    if (run.mirror()) {
      settings.mirror().ifPresent(mirror -> arguments.add("--registry-mirror=" + mirror));
    }
    arguments.addAll(settings.snapshots().arguments());
    // Kaniko leaves /var/run out on its own, which in most images is a link to /run.
    arguments.add("--ignore-var-run=false");
    arguments.addAll(ignoredWhiteouts());
    arguments.add("--compressed-caching=false");
    arguments.add("--cache=" + run.cache());
    arguments.add("--cache-run-layers");
    arguments.add("--cache-repo=" + cacheRepository(run));
    if (!pushesCache) {
      arguments.add("--no-push-cache");
    }
    run.input().buildArgs().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> arguments.add("--build-arg=" + each.getKey() + "=" + each.getValue()));
    run.input().target().ifPresent(target -> arguments.add("--target=" + target));
    // Names the hosts one by one. Kaniko's --insecure and --insecure-pull would let every other
    // registry, Docker Hub too, be spoken to in plain text.
    settings.plainHttpRegistries().forEach(host -> arguments.add("--insecure-registry=" + host));
    return List.copyOf(arguments);
  }

  /**
   * Kaniko unpacks a cached layer with its whiteouts as files, {@code .wh.x} for a deleted {@code
   * x}, which later RUN instructions then see. It takes ignored paths as patterns, a part of the
   * path each, and does not unpack what they match; the deletion itself is done all the same. No
   * file of an image can have such a name.
   */
  private static List<String> ignoredWhiteouts() {
    return Stream.iterate("/.wh.*", pattern -> "/*" + pattern)
        .limit(DEEPEST_WHITEOUT)
        .map(pattern -> "--ignore-path=" + pattern)
        .toList();
  }

  private static String folder(String context) {
    return context.equals(".")
        ? ObjectKeys.SOURCE_FOLDER
        : ObjectKeys.SOURCE_FOLDER + "/" + context;
  }
}
