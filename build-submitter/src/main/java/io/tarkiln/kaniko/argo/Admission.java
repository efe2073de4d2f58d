package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.reconcile.Reconciler;
import io.tarkiln.kaniko.argo.reconcile.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Admits waiting Workflows while there is room for them. It only decides: whoever reconciles an
 * admitted Workflow resumes it, or withdraws the admission when it cannot.
 */
final class Admission implements Reconciler {
  /** The one key: whatever changes, all that wait are looked at. */
  static final String KEY = "admission";

  /** Some may begin at a time of which nothing is heard. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final Supplier<List<Workflow>> workflows;
  private final AdmissionPolicy policy;
  private final Duration pause;
  private final Consumer<String> onAdmitted;
  private final Set<String> admitted = new HashSet<>();
  private final Map<String, Instant> withdrawn = new HashMap<>();

  /**
   * Admits nobody yet.
   *
   * @param workflows all that count
   * @param pause for which one whose admission was withdrawn leaves room to others
   * @param onAdmitted takes the name of each that is admitted; must not block
   */
  Admission(
      Supplier<List<Workflow>> workflows,
      AdmissionPolicy policy,
      Duration pause,
      Consumer<String> onAdmitted) {
    this.workflows = workflows;
    this.policy = policy;
    this.pause = pause;
    this.onAdmitted = onAdmitted;
  }

  @Override
  public synchronized Result reconcile(String key) {
    Instant now = Instant.now();
    List<Workflow> all = workflows.get();
    Set<String> suspended =
        all.stream().filter(Workflow::isSuspended).map(Workflow::name).collect(Collectors.toSet());
    admitted.retainAll(suspended);
    withdrawn.keySet().retainAll(suspended);
    withdrawn.values().removeIf(until -> !until.isAfter(now));
    List<Workflow> counted =
        all.stream().filter(each -> !withdrawn.containsKey(each.name())).toList();
    for (Workflow next : policy.next(counted, admitted, now)) {
      admitted.add(next.name());
      onAdmitted.accept(next.name());
    }
    return Result.after(PERIOD);
  }

  /** Whether a Workflow that is seen suspended is to be resumed. */
  synchronized boolean isAdmitted(String workflow) {
    return admitted.contains(workflow);
  }

  /** The Workflow cannot be resumed now: another one takes its turn. */
  synchronized void withdraw(String workflow) {
    if (admitted.remove(workflow)) {
      withdrawn.put(workflow, Instant.now().plus(pause));
    }
  }

  @Override
  public String describe(String key) {
    return key;
  }
}
