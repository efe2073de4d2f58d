package io.tarkiln.e2e.malformed;

import io.tarkiln.e2e.malformed.BadRecords.Fault;
import io.tarkiln.event.EventType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Data of a type that a service acts on, as it should be, but for naming objects that are not
 * there. Places in it are JSON pointers.
 *
 * @param required fields without which it is not read
 * @param names fields with a name or tag
 * @param paths fields with a path in the repository, or the key of an object
 * @param faults what may be wrong with it, the more often the more often it stands there
 */
record ValidData(
    String json,
    List<String> required,
    List<String> names,
    List<String> paths,
    List<Fault> faults) {
  private static final int OFTEN = 4;
  private static final Set<Fault> SELDOM = EnumSet.of(Fault.HUGE);

  private static final String PLAN =
      """
      "workload": "shop", "service": "api",
      "plan": {"tag": "1.4.0", "extraTags": ["latest"], "services": ["api", "web"],
               "repository": "https://git.example/shop.git", "revision": "main",
               "commit": "4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a", "cache": true, "mirror": true}
      """;
  private static final List<String> REQUIRED =
      List.of(
          "/workload",
          "/service",
          "/plan",
          "/plan/tag",
          "/plan/services",
          "/plan/repository",
          "/plan/revision",
          "/plan/commit");
  private static final List<String> NAMES =
      List.of("/workload", "/service", "/plan/tag", "/plan/services/0", "/plan/extraTags/0");

  private static final String INPUT =
      """
      "input": {"sourceKey": "sources/shop/none.tar.gz", "context": "services/api",
                "dockerfile": "services/api/Dockerfile", "dockerfileKey": "builds/none/Dockerfile",
                "buildArgs": {"VERSION": "1.4.0"}, "target": "runtime"}
      """;
  private static final List<String> INPUT_REQUIRED =
      List.of(
          "/input",
          "/input/sourceKey",
          "/input/context",
          "/input/dockerfile",
          "/input/dockerfileKey");
  private static final List<String> INPUT_PATHS =
      List.of("/input/context", "/input/dockerfile", "/input/sourceKey", "/input/dockerfileKey");

  /** Of every type that a service acts on. */
  static Map<EventType, ValidData> ofAllTypes(String repository) {
    Map<EventType, ValidData> all = new TreeMap<>();
    all.put(EventType.BUILD_REQUESTED, request(repository));
    ValidData input =
        new ValidData(
            "{" + PLAN + "," + INPUT + "}",
            joined(REQUIRED, INPUT_REQUIRED),
            NAMES,
            INPUT_PATHS,
            faults(EnumSet.of(Fault.HOSTILE_SOURCE)));
    all.put(EventType.SOURCE_CHECKED_OUT, input);
    all.put(EventType.DOCKERFILE_REWRITTEN, input);
    all.put(
        EventType.IMAGE_BUILT,
        new ValidData(
            "{" + PLAN + ", \"imageTarKey\": \"builds/none/image.tar\", \"sizeBytes\": 17}",
            joined(REQUIRED, List.of("/imageTarKey")),
            NAMES,
            List.of("/imageTarKey"),
            faults(EnumSet.of(Fault.HOSTILE_SOURCE))));
    all.put(
        EventType.BUILD_CANCEL_REQUESTED,
        new ValidData(
            "{\"workload\": \"shop\", \"message\": \"wrong branch\"}",
            List.of(),
            List.of(),
            List.of(),
            faults(
                EnumSet.of(
                    Fault.MISSING_FIELD,
                    Fault.HOSTILE_NAME,
                    Fault.HOSTILE_PATH,
                    Fault.HOSTILE_SOURCE,
                    Fault.NOTHING_THERE))));
    all.put(EventType.BUILD_FINISHED, finished());
    return all;
  }

  private static ValidData finished() {
    return new ValidData(
        """
        {"workload": "shop", "tag": "1.4.0", "outcome": "failed", "stage": "artifact-pusher",
         "service": "api", "reason": "denied", "message": "no", "lastLines": [], "images": []}
        """,
        List.of("/outcome", "/stage"),
        List.of("/workload", "/tag", "/service"),
        List.of(),
        faults(EnumSet.of(Fault.HOSTILE_PATH, Fault.HOSTILE_SOURCE)));
  }

  private static ValidData request(String repository) {
    return new ValidData(
        """
        {"workload": "shop", "tag": "1.4.0", "extraTags": ["latest"], "cache": true,
         "source": {"repository": "%s", "revision": "no-such-branch"},
         "services": [{"name": "api", "context": "services/api",
                       "dockerfile": "services/api/Dockerfile",
                       "buildArgs": {"VERSION": "1.4.0"}, "target": "runtime"}]}
        """
            .formatted(repository),
        List.of("/workload", "/tag", "/source", "/source/repository", "/services"),
        List.of("/workload", "/tag", "/extraTags/0", "/services/0/name"),
        List.of("/services/0/context", "/services/0/dockerfile"),
        faults(EnumSet.noneOf(Fault.class)));
  }

  private static List<Fault> faults(EnumSet<Fault> without) {
    List<Fault> faults = new ArrayList<>();
    for (Fault fault : EnumSet.complementOf(without)) {
      for (int i = 0; i < (SELDOM.contains(fault) ? 1 : OFTEN); i++) {
        faults.add(fault);
      }
    }
    return faults;
  }

  private static List<String> joined(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
