package io.tarkiln.kaniko.argo;

import com.google.gson.JsonParser;
import io.tarkiln.build.BuildId;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.kaniko.SampleRuns;
import io.tarkiln.kaniko.Snapshots;
import io.tarkiln.kaniko.access.AccessIssuer;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.kaniko.argo.api.ClusterClient;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.output.LogLimits;
import io.tarkiln.pipeline.StageSettings;
import io.tarkiln.samples.TestS3;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectAddresses;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.Polling;
import io.tarkiln.testkit.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An API server as an operator sets it up, S3, and engines with no more rights than ours have: an
 * extension for all tests of a class, each of which begins without engines and Workflows.
 */
public final class ArgoFixture implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  static final String NAMESPACE = "tarkiln-builds";
  static final byte[] TAR = {1, 2, 3};
  static final Built BUILT = new Built(TAR.length);

  private final Settings s3 = Settings.of(TestS3.newBucket());
  private final ObjectStore store = ObjectStore.connect(s3);
  private Path folder;
  private ApiServer api;
  private Kubelet kubelet;
  private ArgoControllerDouble controller;
  private String token;
  private final List<ArgoEngine> engines = new ArrayList<>();
  private volatile AccessIssuer access = AccessIssuer.NOTHING;

  @Override
  public void beforeAll(ExtensionContext tests) throws Exception {
    folder = Files.createTempDirectory("tarkiln-argo");
    api = ApiServer.start(folder.resolve("kubernetes"));
    kubelet = Kubelet.start(folder);
    controller = new ArgoControllerDouble(api, NAMESPACE, kubelet);
    api.apply(
        "/api/v1/namespaces/" + NAMESPACE,
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + NAMESPACE + "}\n");
    api.apply(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/workflows.argoproj.io",
        Files.readString(
            argoModule().resolve("manifests/base/crds/minimal/argoproj.io_workflows.yaml")));
    applyRoles();
    controller.register();
    token = tokenOf("tarkiln-build-submitter");
  }

  /** The sources of the Argo that deploy/argo/lint is made of. */
  private static Path argoModule() throws Exception {
    return GoTool.module(
        GoTools.home().resolve("deploy/argo/lint"), "github.com/argoproj/argo-workflows/v3");
  }

  /** The roles that ship, and nothing else. */
  private void applyRoles() throws IOException {
    String all = Files.readString(GoTools.home().resolve("deploy/argo/rbac.yaml"));
    for (String manifest : all.split("(?m)^---$")) {
      String fixed =
          manifest.replace(
              "  - kind: ServiceAccount\n",
              "  - kind: ServiceAccount\n    namespace: " + NAMESPACE + "\n");
      api.apply(path(manifest, NAMESPACE).orElseThrow(), fixed);
    }
  }

  /**
   * Where the API server has the object of a manifest, if it knows the kind without Argo and
   * Strimzi.
   */
  static Optional<String> path(String manifest, String namespace) {
    String group = field(manifest, "(?m)^apiVersion: (\\S+)$");
    String plural =
        switch (field(manifest, "(?m)^kind: (\\S+)$")) {
          case "ServiceAccount" -> "serviceaccounts";
          case "Secret" -> "secrets";
          case "ConfigMap" -> "configmaps";
          case "Role" -> "roles";
          case "RoleBinding" -> "rolebindings";
          case "Deployment" -> "deployments";
          case "PodDisruptionBudget" -> "poddisruptionbudgets";
          case "HorizontalPodAutoscaler" -> "horizontalpodautoscalers";
          case "NetworkPolicy" -> "networkpolicies";
          case "ScaledObject" -> "scaledobjects";
          case "PodMonitor" -> "podmonitors";
          default -> "";
        };
    return plural.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "/%s/%s/namespaces/%s/%s/%s"
                .formatted(
                    group.contains("/") ? "apis" : "api",
                    group,
                    namespace,
                    plural,
                    field(manifest, "(?m)^  name: (\\S+)$")));
  }

  private static String field(String text, String pattern) {
    return java.util.regex.Pattern.compile(pattern)
        .matcher(text)
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  private String tokenOf(String account) throws IOException {
    String answer =
        api.send(
            "POST",
            "/api/v1/namespaces/%s/serviceaccounts/%s/token".formatted(NAMESPACE, account),
            "application/json",
            "{\"spec\": {\"expirationSeconds\": 3600}}".getBytes());
    return JsonParser.parseString(answer)
        .getAsJsonObject()
        .getAsJsonObject("status")
        .get("token")
        .getAsString();
  }

  ApiServer api() {
    return api;
  }

  ObjectStore store() {
    return store;
  }

  Kubelet kubelet() {
    return kubelet;
  }

  ArgoControllerDouble controller() {
    return controller;
  }

  /** Settings in which a process that is killed is missed soon. */
  ArgoSettings settings(int maxRunning, int maxRunningPerWorkload) {
    return settings(maxRunning, maxRunningPerWorkload, Duration.ofMinutes(5), Duration.ZERO);
  }

  /** The same with other times for what does not answer. */
  ArgoSettings settings(
      int maxRunning, int maxRunningPerWorkload, Duration retryFor, Duration pause) {
    return settings(
        maxRunning,
        maxRunningPerWorkload,
        retryFor,
        pause,
        Duration.ofSeconds(2),
        Duration.ofMinutes(1));
  }

  /** Settings in which a busy machine does not cost the lease. */
  ArgoSettings settings(Duration lease) {
    return settings(lease, Duration.ofMinutes(1));
  }

  /** Settings in which one that does not see Workflows soon gives the lease up. */
  ArgoSettings settings(Duration lease, Duration maxBlind) {
    return settings(100, 100, Duration.ofMinutes(5), Duration.ZERO, lease, maxBlind);
  }

  private ArgoSettings settings(
      int maxRunning,
      int maxRunningPerWorkload,
      Duration retryFor,
      Duration pause,
      Duration lease,
      Duration maxBlind) {
    return new ArgoSettings(
        NAMESPACE,
        "tarkiln-kaniko",
        maxRunning,
        maxRunningPerWorkload,
        Duration.ZERO,
        new StageSettings(1, 1, retryFor, pause, pause, retryFor, Duration.ofDays(3)),
        lease,
        Duration.ofSeconds(1),
        maxBlind,
        Duration.ofSeconds(30),
        folder.resolve("logs-" + engines.size()),
        new LogLimits(1000, 1 << 20));
  }

  static KanikoSettings kaniko() {
    return new KanikoSettings(
        "registry.example:5000/cache", Optional.empty(), List.of(), Snapshots.FULL);
  }

  /** An engine that works, with the account of the build-submitter. */
  ArgoEngine engine(RunObserver observer) throws IOException {
    return engine(settings(100, 100), observer);
  }

  ArgoEngine engine(ArgoSettings settings, RunObserver observer) throws IOException {
    return engine(settings, observer, token);
  }

  /** An engine whose account may take the lease, but not list Workflows. */
  ArgoEngine blindEngine(ArgoSettings settings, RunObserver observer) throws IOException {
    String rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + NAMESPACE;
    api.apply(
        "/api/v1/namespaces/%s/serviceaccounts/blind".formatted(NAMESPACE),
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: blind}\n");
    api.apply(
        rbac + "/roles/blind",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: blind}
        rules:
          - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create, get, update]}
        """);
    api.apply(
        rbac + "/rolebindings/blind",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: blind}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: blind}
        subjects: [{kind: ServiceAccount, name: blind, namespace: %s}]
        """
            .formatted(NAMESPACE));
    return engine(settings, observer, tokenOf("blind"));
  }

  /** Whether an engine has the lease. */
  boolean isLeaseHeld() throws IOException {
    String leases =
        api.send(
            "GET",
            "/apis/coordination.k8s.io/v1/namespaces/%s/leases".formatted(NAMESPACE),
            "application/json",
            new byte[0]);
    return leases.matches("(?s).*\"holderIdentity\": *\"[^\"]+\".*");
  }

  /** What runs may do at registries, from now on. */
  void give(AccessIssuer issuer) {
    access = issuer;
  }

  private ArgoEngine engine(ArgoSettings settings, RunObserver observer, String token)
      throws IOException {
    ArgoEngine engine =
        new ArgoEngine(
            settings,
            kaniko(),
            ClusterClient.connect(() -> api.client(token)),
            store,
            ObjectAddresses.of(s3),
            run -> access.issue(run));
    engines.add(engine);
    engine.start(observer);
    return engine;
  }

  /** A run of another build. */
  public static KanikoRun run() {
    return run(Map.of());
  }

  public static KanikoRun run(BuildId build) {
    return run(build, Map.of());
  }

  public static KanikoRun run(Map<String, String> buildArgs) {
    return run(BuildId.next(), buildArgs);
  }

  private static KanikoRun run(BuildId build, Map<String, String> buildArgs) {
    return SampleRuns.of(
        build, SampleRuns.input(build, "sources/shop/tree.tar.gz", buildArgs, Optional.empty()));
  }

  /** Begins the run's pod once the engine has resumed its Workflow; returns the pod's name. */
  String begin(KanikoRun run) throws Exception {
    awaitTurn(run);
    String pod = controller.begin(run.name());
    kubelet.begin(pod);
    return pod;
  }

  void awaitTurn(KanikoRun run) throws Exception {
    awaitTurn(run.name());
  }

  void awaitTurn(String workflow) throws Exception {
    Polling.until(
        () ->
            controller.workflows().stream()
                .anyMatch(each -> each.name().equals(workflow) && each.isRunning()));
  }

  /** The run ends well, and has left its tar. */
  void succeed(KanikoRun run, String pod) throws Exception {
    succeed(run, run.name(), pod);
  }

  /** The same in this Workflow of the run. */
  void succeed(KanikoRun run, String workflow, String pod) throws Exception {
    store.write(run.imageTarKey(), TAR);
    controller.end(workflow, pod, "Succeeded", "", "");
  }

  void awaitSettled(String workflow) throws Exception {
    Polling.until(() -> controller.workflow(workflow).isSettled());
  }

  /** Ends all engines and forgets all Workflows, for the next test. */
  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    engines.forEach(ArgoEngine::close);
    engines.clear();
    access = AccessIssuer.NOTHING;
    for (Workflow workflow : controller.workflows()) {
      controller.patch(workflow.name(), "{\"metadata\": {\"finalizers\": null}}");
      controller.delete(workflow.name());
    }
  }

  @Override
  public void afterAll(ExtensionContext tests) throws IOException {
    if (kubelet != null) {
      kubelet.close();
    }
    if (api != null) {
      api.close();
    }
    ScratchFolder.remove(folder);
  }
}
