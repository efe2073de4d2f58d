package io.tarkiln.kaniko.argo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides which waiting Workflows may begin: the oldest builds first, within both limits. */
record Turns(int mostRunning, int mostRunningPerWorkload) {
  /** A build id begins with the time of its request, so its order is that of the requests. */
  private static final Comparator<Workflow> OLDEST_FIRST =
      Comparator.comparing(Workflow::build).thenComparing(Workflow::name);

  /**
   * The Workflows to resume now.
   *
   * @param begun names of those that were resumed, which {@code all} may not show yet
   * @param now before which some are not to begin
   */
  List<Workflow> next(Collection<Workflow> all, Set<String> begun, Instant now) {
    Map<String, Integer> perWorkload = new HashMap<>();
    int running = 0;
    for (Workflow workflow : all) {
      boolean takesRoom =
          workflow.isRunning()
              || (begun.contains(workflow.name()) && !workflow.hasEnded() && !workflow.isDeleted());
      if (takesRoom) {
        running++;
        perWorkload.merge(workflow.workload(), 1, Integer::sum);
      }
    }
    List<Workflow> next = new ArrayList<>();
    for (Workflow workflow : all.stream().filter(Turns::waits).sorted(OLDEST_FIRST).toList()) {
      if (running + next.size() >= mostRunning) {
        break;
      }
      boolean mayBegin =
          !begun.contains(workflow.name())
              && Repetition.mayBegin(workflow, now)
              && perWorkload.getOrDefault(workflow.workload(), 0) < mostRunningPerWorkload;
      if (mayBegin) {
        next.add(workflow);
        perWorkload.merge(workflow.workload(), 1, Integer::sum);
      }
    }
    return next;
  }

  private static boolean waits(Workflow workflow) {
    return workflow.isSuspended() && !workflow.hasEnded() && !workflow.isDeleted();
  }
}
