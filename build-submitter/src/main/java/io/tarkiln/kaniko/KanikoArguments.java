package io.tarkiln.kaniko;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Kaniko's arguments, the same in every engine and decided nowhere else. Each is one element of an
 * argument vector: no shell ever reads them.
 */
public record KanikoArguments(KanikoSettings settings) {
  /** Where the build context is while Kaniko runs: the folder that stands for the repository. */
  public static final String WORKSPACE = "/workspace";

  /** Where Kaniko writes the image tar of a service. */
  public static String tarPath(String service) {
    return "/tmp/" + service + ".tar";
  }

  /** The repository of a service's RUN-layer cache. */
  public String cacheRepository(KanikoRun run) {
    return "%s/kaniko-cache/%s-%s"
        .formatted(settings.cacheRepository(), run.workload(), run.service());
  }

  /** All arguments of a run, in the order of the documentation. */
  public List<String> of(KanikoRun run) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--dockerfile=" + WORKSPACE + "/" + run.input().dockerfile());
    arguments.add("--context=dir://" + folder(run.input().context()));
    arguments.add("--no-push");
    arguments.add("--tar-path=" + tarPath(run.service()));
    if (run.mirror()) {
      settings.mirror().ifPresent(mirror -> arguments.add("--registry-mirror=" + mirror));
    }
    arguments.add("--snapshot-mode=time");
    arguments.add("--use-new-run");
    arguments.add("--compressed-caching=false");
    arguments.add("--cache=" + run.cache());
    arguments.add("--cache-run-layers");
    arguments.add("--cache-repo=" + cacheRepository(run));
    run.input().buildArgs().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> arguments.add("--build-arg=" + each.getKey() + "=" + each.getValue()));
    run.input().target().ifPresent(target -> arguments.add("--target=" + target));
    // Names the hosts one by one. Kaniko's --insecure and --insecure-pull would let every other
    // registry, Docker Hub too, be spoken to in plain text.
    settings.plainHttpRegistries().forEach(host -> arguments.add("--insecure-registry=" + host));
    return List.copyOf(arguments);
  }

  private static String folder(String context) {
    return context.equals(".") ? WORKSPACE : WORKSPACE + "/" + context;
  }
}
