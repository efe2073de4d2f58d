package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;

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
    NameSyntax.name("workload", NameSyntax.text("workload", workload));
    NameSyntax.name("service", NameSyntax.text("service", service));
    NameSyntax.text("engine", engine);
    NameSyntax.text("workflow", workflow);
    NameSyntax.text("namespace", namespace);
  }
}
