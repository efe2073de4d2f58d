package io.tarkiln.e2e.fault;

import io.tarkiln.build.BuildId;
import io.tarkiln.testkit.GitRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * A build as it was asked for.
 *
 * @param services what is to become of each
 * @param cancelled whether somebody asked to stop it, too
 */
record RequestedBuild(
    BuildId build,
    String workload,
    String tag,
    Map<String, Kind> services,
    AtomicBoolean cancelled) {
  /** A tag that many builds of a workload set. */
  static final String SHARED = "latest";

  private static final int MAX_SERVICES = 8;

  /** What becomes of a service. */
  enum Kind {
    /** Built from the folder of its name in {@link #repository}. */
    GOOD,
    /** Its Dockerfile asks for something that is not there. */
    BAD,
    /** Not built: the image of the tag {@code base} gets the new tags. */
    RETAGGED
  }

  static RequestedBuild of(String workload, String tag, Map<String, Kind> services) {
    return new RequestedBuild(
        BuildId.next(), workload, tag, new TreeMap<>(services), new AtomicBoolean());
  }

  /** One to eight services; in a quarter of all builds one of them fails. */
  static RequestedBuild random(Random random, String workload, String tag) {
    Map<String, Kind> services = new TreeMap<>();
    int size = 1 + random.nextInt(MAX_SERVICES);
    for (int i = 1; i <= size; i++) {
      services.put("s" + i, random.nextInt(6) == 0 ? Kind.RETAGGED : Kind.GOOD);
    }
    if (random.nextInt(4) == 0) {
      services.put("s" + (1 + random.nextInt(size)), Kind.BAD);
    }
    return of(workload, tag, services);
  }

  /** A repository with what builds of all kinds need. */
  static GitRepository repository(Path folder) throws IOException {
    GitRepository repository =
        GitRepository.in(folder).file("bad/Dockerfile", "FROM scratch\nRUN there is no shell\n");
    for (int i = 1; i <= MAX_SERVICES; i++) {
      repository.file(
          "s%d/Dockerfile".formatted(i),
          "FROM scratch\nLABEL of=s%d\nCOPY Dockerfile /copied\n".formatted(i));
    }
    repository.commit();
    return repository;
  }

  String id() {
    return build.toString();
  }

  /** All services that a workload of these builds has, to be retagged later. */
  static RequestedBuild base(String workload) {
    Map<String, Kind> services = new TreeMap<>();
    for (int i = 1; i <= MAX_SERVICES; i++) {
      services.put("s" + i, Kind.GOOD);
    }
    return of(workload, "base", services);
  }

  /** Whether a path or an event's id is about this build; its workload must be its own. */
  boolean isIn(String text) {
    return text.contains(id()) || text.contains("/" + workload + "/");
  }

  boolean fails() {
    return services.containsValue(Kind.BAD);
  }

  /** The tags that no other build sets. */
  List<String> tags() {
    return List.of(tag, "x-" + tag);
  }

  /**
   * Whether it sets {@link #SHARED}, too: where all images are its own, so that what the tag names
   * tells whose it is.
   */
  boolean sharesTag() {
    return !services.containsValue(Kind.RETAGGED);
  }

  String json(GitRepository repository) {
    return """
    {"workload": "%s", "tag": "%s", "extraTags": ["x-%2$s"%s], "cache": false,
     "source": {"repository": "%s", "revision": "main"}, "services": [%s]}
    """
        .formatted(
            workload,
            tag,
            sharesTag() ? ", \"" + SHARED + "\"" : "",
            repository.url(),
            services.entrySet().stream()
                .map(each -> json(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", ")));
  }

  private String json(String name, Kind kind) {
    return kind == Kind.RETAGGED
        ? "{\"name\": \"%s\", \"retagFrom\": \"base\"}".formatted(name)
        : "{\"name\": \"%s\", \"context\": \"%s\", \"buildArgs\": {\"BUILD\": \"%s\"}}"
            .formatted(name, kind == Kind.BAD ? "bad" : name, build);
  }
}
