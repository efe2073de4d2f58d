package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.argo.api.RunAttempt;
import io.tarkiln.kaniko.argo.api.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which waiting Workflows may begin, within both limits: each turn is the workload's that
 * has the fewest runs, so that none waits for another's many services; among equals, the oldest
 * build's.
 */
record AdmissionPolicy(int maxRunning, int maxRunningPerWorkload) {
  /** A build id begins with the time of its request, so its order is that of the requests. */
  private static final Comparator<Workflow> OLDEST_FIRST =
      Comparator.comparing(Workflow::build).thenComparing(Workflow::name);

  /**
   * The Workflows to resume now.
   *
   * @param admitted names of those admitted before, which {@code all} may not show running yet
   * @param now before which some are not to begin
   */
  List<Workflow> next(Collection<Workflow> all, Set<String> admitted, Instant now) {
    Map<String, Integer> perWorkload = new HashMap<>();
    int running = 0;
    for (Workflow workflow : all) {
      boolean takesRoom =
          workflow.isRunning()
              || (admitted.contains(workflow.name())
                  && !workflow.hasEnded()
                  && !workflow.isDeleted());
      if (takesRoom) {
        running++;
        perWorkload.merge(workflow.workload(), 1, Integer::sum);
      }
    }
    List<Workflow> waiting = new ArrayList<>(all);
    waiting.removeIf(
        each -> !waits(each) || admitted.contains(each.name()) || !RunAttempt.mayBegin(each, now));
    List<Workflow> next = new ArrayList<>();
    while (running + next.size() < maxRunning) {
      Optional<Workflow> turn =
          waiting.stream()
              .filter(each -> runs(each, perWorkload) < maxRunningPerWorkload)
              .min(
                  Comparator.<Workflow>comparingInt(each -> runs(each, perWorkload))
                      .thenComparing(OLDEST_FIRST));
      if (turn.isEmpty()) {
        break;
      }
      waiting.remove(turn.get());
      next.add(turn.get());
      perWorkload.merge(turn.get().workload(), 1, Integer::sum);
    }
    return next;
  }

  private static int runs(Workflow workflow, Map<String, Integer> perWorkload) {
    return perWorkload.getOrDefault(workflow.workload(), 0);
  }

  private static boolean waits(Workflow workflow) {
    return workflow.isSuspended() && !workflow.hasEnded() && !workflow.isDeleted();
  }
}
