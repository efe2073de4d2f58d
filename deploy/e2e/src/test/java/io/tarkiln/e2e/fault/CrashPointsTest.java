package io.tarkiln.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills each service just before and just after everything durable that it does. What it does is
 * taken from a first build that nobody disturbs, so whatever is added gets its crash points by
 * itself. {@code deploy/e2e/faults} goes through all, a build of the project through some.
 */
@Tag("e2e")
class CrashPointsTest {
  private static final boolean ALL = Boolean.getBoolean("tarkiln.faults.all-points");
  private static final int SOME = 3;
  private static final String DECIDED = "after PUT s3 builds/BUILD/finished.json";
  private static final Map<String, RequestedBuild.Kind> TWO_SERVICES =
      Map.of("s1", RequestedBuild.Kind.GOOD, "s2", RequestedBuild.Kind.GOOD);

  // Logs of services are kept when something is wrong.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void a_build_survives_a_crash_between_any_two_durable_effects() throws Exception {
    try (FaultyPipeline trial =
        new FaultyPipeline(folder, new Random(0), 1, true, process -> false)) {
      trial.startAgainWhatIsKilled();
      RequestedBuild calm = trial.ask(RequestedBuild.of("w0", "t", TWO_SERVICES));
      trial.awaitEnd(calm);
      trial.awaitRest();
      trial.check(List.of(calm));
      Map<String, List<CrashPoint>> points = points(trial, calm);
      int rounds = points.values().stream().mapToInt(List::size).max().orElseThrow();
      System.out.printf("crash points: %s%n", points);

      Set<String> tried = new LinkedHashSet<>();
      for (int round = 1; round <= (ALL ? rounds : SOME); round++) {
        RequestedBuild build = RequestedBuild.of("w" + round, "t", TWO_SERVICES);
        List<FaultInjector.Trap> traps = new ArrayList<>();
        for (List<CrashPoint> ofService : points.values()) {
          chosen(ofService, round).ifPresent(point -> traps.add(trial.faults().trap(point, build)));
        }
        trial.ask(build);
        trial.awaitEnd(build);
        trial.awaitRest();
        trial.check(List.of(build));
        for (FaultInjector.Trap trap : traps) {
          assertThat(trap.isSprung()).as("%s in round %d", trap.point(), round).isTrue();
          tried.add(trap.point().toString());
        }
      }
      System.out.printf("crashed: %s%n", tried);
      trial.checkLeftovers();
    }
  }

  /** Each in its round; or some, from the beginning to the end of a stage's work. */
  private static Optional<CrashPoint> chosen(List<CrashPoint> points, int round) {
    if (ALL) {
      return points.stream().skip(round - 1L).findFirst();
    }
    // Decided, and no tag is set yet: the most delicate of all is among the few.
    Optional<CrashPoint> decided =
        points.stream().filter(each -> each.toString().equals(DECIDED)).findFirst();
    return round == SOME && decided.isPresent()
        ? decided
        : Optional.of(points.get((2 * round - 1) * points.size() / (2 * SOME)));
  }

  /** Before and after each effect of a build, by process. */
  private static Map<String, List<CrashPoint>> points(FaultyPipeline trial, RequestedBuild build) {
    Map<String, List<CrashPoint>> points = new LinkedHashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Journal.Effected each : trial.journal().effects(build)) {
      List<CrashPoint> ofProcess =
          points.computeIfAbsent(each.process(), process -> new ArrayList<>());
      String name = each.effect().name();
      int nth = seen.merge(name, 1, Integer::sum);
      if (each.isRequest()) {
        ofProcess.add(new CrashPoint(each.process(), name, nth, false));
      }
      ofProcess.add(new CrashPoint(each.process(), name, nth, true));
    }
    return points;
  }
}
