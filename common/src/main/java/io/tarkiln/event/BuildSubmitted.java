package io.tarkiln.event;

import io.tarkiln.build.Grammar;

/**
 * An engine has accepted a service's Kaniko run.
 *
 * @param engine {@code argo} or {@code local}
 * @param workflow the engine's name of the run
 * @param namespace where the engine keeps it; the host for the local engine
 */
public record BuildSubmitted(
    String workload, String service, String engine, String workflow, String namespace)
    implements ServiceEventData {
  public BuildSubmitted {
    Grammar.name("workload", Grammar.text("workload", workload));
    Grammar.name("service", Grammar.text("service", service));
    Grammar.text("engine", engine);
    Grammar.text("workflow", workflow);
    Grammar.text("namespace", namespace);
  }
}
