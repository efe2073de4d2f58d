package io.tarkiln.cli.doctor;

import io.tarkiln.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks of the argo engine's cluster through kubectl, which knows every way to log in. */
record KubernetesChecks(Settings settings) {
  private static final String WHAT = "kubernetes";

  /** Empty where nothing says that a cluster is used. */
  List<CheckResult> all() {
    boolean isUsed =
        settings.get("KUBECONFIG").isPresent()
            || settings.get("TARKILN_ENGINE").filter("argo"::equals).isPresent();
    if (!isUsed) {
      return List.of();
    }
    if (LocalChecks.firstLineOf("kubectl", "version", "--client").isEmpty()) {
      return List.of(
          CheckResult.warn(
              WHAT, "kubectl is not here", "install kubectl to have the cluster checked"));
    }
    if (LocalChecks.firstLineOf("kubectl", "get", "--raw", "/readyz").isEmpty()) {
      return List.of(
          CheckResult.fault(
              WHAT, "the API server does not answer kubectl", "check KUBECONFIG and its account"));
    }
    List<CheckResult> findings = new ArrayList<>();
    String namespace = settings.get("TARKILN_ARGO_NAMESPACE").orElse("tarkiln-builds");
    findings.add(may(namespace, "create", "workflows.argoproj.io"));
    findings.add(may(namespace, "create", "secrets"));
    findings.add(may(namespace, "get", "pods/log"));
    findings.add(template(settings.get("TARKILN_ARGO_TEMPLATE").orElse("tarkiln-kaniko")));
    findings.add(references());
    return findings;
  }

  /** Whether Argo's controller takes Workflows only that refer to a template. */
  private static CheckResult references() {
    Optional<String> configuration =
        LocalChecks.firstLineOf(
            "kubectl",
            "get",
            "configmaps",
            "--all-namespaces",
            "--field-selector=metadata.name=workflow-controller-configmap",
            "-o",
            "jsonpath=seen {.items[*].data}");
    String advice =
        "set workflowRestrictions: {templateReferencing: Strict} in workflow-controller-configmap";
    if (configuration.isEmpty()) {
      return CheckResult.warn(
          WHAT, "this account may not see whether Argo takes Workflows by reference only", advice);
    }
    return configuration.get().matches(".*templateReferencing\\W{1,4}(Strict|Secure).*")
        ? CheckResult.ok(WHAT, "Argo takes Workflows by reference only")
        : CheckResult.warn(
            WHAT,
            "whoever may create Workflows may run any pod, with any Secret of their namespace",
            advice);
  }

  private static CheckResult may(String namespace, String verb, String resource) {
    String said = "may %s %s in %s".formatted(verb, resource, namespace);
    return LocalChecks.firstLineOf("kubectl", "auth", "can-i", verb, resource, "-n", namespace)
            .isPresent()
        ? CheckResult.ok(WHAT, said)
        : CheckResult.fault(
            WHAT,
            "this account does not have: " + said,
            "give it the role in deploy/argo/rbac.yaml, or set TARKILN_ARGO_NAMESPACE");
  }

  private static CheckResult template(String name) {
    return LocalChecks.firstLineOf(
                "kubectl", "get", "clusterworkflowtemplates.argoproj.io", name, "-o", "name")
            .isPresent()
        ? CheckResult.ok(WHAT, "ClusterWorkflowTemplate " + name)
        : CheckResult.warn(
            WHAT,
            "ClusterWorkflowTemplate %s is not there, or this account may not see it"
                .formatted(name),
            "apply deploy/argo/cluster-workflow-template.yaml, or install the chart");
  }
}
