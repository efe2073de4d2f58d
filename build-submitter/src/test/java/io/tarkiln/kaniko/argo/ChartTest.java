package io.tarkiln.kaniko.argo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.access.Role;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.event.Topics;
import io.tarkiln.kaniko.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart, rendered by Helm and checked by a real API server. */
@Tag("server")
class ChartTest {
  private static final String NAMESPACE = "restricted";
  private static final String LEAST =
      "kafka.bootstrapServers=kafka:9092,registry.address=harbor.example.com/apps"
          + ",policy.allowAll=true";

  @TempDir private static Path folder;

  private static ApiServer api;
  private static Path helm;
  private static Path chart;

  @BeforeAll
  static void start() throws Exception {
    api = ApiServer.start(folder.resolve("kubernetes"));
    helm = GoTools.provide("helm");
    chart = GoTools.home().resolve("deploy/helm");
    api.apply(
        "/api/v1/namespaces/" + NAMESPACE,
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: restricted
          labels:
            pod-security.kubernetes.io/enforce: restricted
            pod-security.kubernetes.io/warn: restricted
        """);
    define("github.com/kedacore/keda/v2", "config/crd/bases", "scaledobjects.keda.sh", "v1alpha1");
    define(
        "github.com/prometheus-operator/prometheus-operator",
        "example/prometheus-operator-crd",
        "podmonitors.monitoring.coreos.com",
        "v1");
  }

  /** Has the API server know a custom resource as its operator defines it. */
  private static void define(String module, String folderInIt, String resource, String version)
      throws Exception {
    String group = resource.substring(resource.indexOf('.') + 1);
    String plural = resource.substring(0, resource.indexOf('.'));
    Path definition =
        GoTool.module(GoTools.home().resolve("deploy/helm/schemas"), module)
            .resolve(folderInIt)
            .resolve("%s_%s.yaml".formatted(group, plural));
    api.apply(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + resource,
        Files.readString(definition));
    Polling.until(
        () -> isThere("/apis/%s/%s/namespaces/%s/%s".formatted(group, version, NAMESPACE, plural)));
  }

  private static boolean isThere(String path) throws IOException {
    try {
      return !api.send("GET", path, "application/json", new byte[0]).isEmpty();
    } catch (AssertionError notYet) {
      return false;
    }
  }

  @AfterAll
  static void end() {
    api.close();
  }

  @Test
  void lints() throws Exception {
    assertThat(helm("lint", "--strict", "--set", LEAST)).contains("0 chart(s) failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LEAST,
        LEAST
            + ",autoscaling.type=hpa,s3.secret=,argo.network.publicPorts=null"
            + ",argo.network.private[0].cidr=10.1.2.3/32,argo.network.private[0].ports={443}",
        LEAST
            + ",autoscaling.type=keda,topics.strimzi.create=true,serviceMonitor=true"
            + ",argo.namespace=restricted,image.pullSecrets={one,two},kafka.secret=kafka"
            + ",kafka.settings.KAFKA_SECURITY_PROTOCOL=SASL_SSL,s3.endpoint=http://minio:9000,registry.caConfigMap=authorities"
            + ",proxyProjects.docker\\.io=harbor.example.com/hub,registry.plainHttp={one:80}"
            + ",services.checkoutWorker.serviceAccountAnnotations.role=x"
            + ",services.artifactPusher.env.TARKILN_CONCURRENCY=8"
            + ",autoscaling.keda.authenticationRef.name=kafka,autoscaling.keda.metadata.tls=enable",
        LEAST
            + ",policy.allowAll=false,policy.rules[0].workloads=shop"
            + ",policy.rules[0].repositories={git.example.com/acme/shop}"
            + ",policy.rules[0].images=harbor.example.com/apps/*",
      })
  void the_api_server_takes_it_and_finds_no_pod_too_powerful(String values) throws Exception {
    List<String> manifests = render(values);

    List<String> checked = new ArrayList<>();
    for (String manifest : manifests) {
      var path = ArgoFixture.path(manifest, NAMESPACE);
      if (path.isPresent()) {
        api.check(path.get(), manifest);
        checked.add(path.get());
      }
    }

    assertThat(checked).hasSizeGreaterThan(18);
    assertThat(checked).filteredOn(path -> path.contains("/deployments/")).hasSize(4);
    assertThat(checked)
        .filteredOn(path -> path.contains("/scaledobjects/"))
        .hasSize(values.contains("keda") ? 4 : 0);
    assertThat(checked)
        .filteredOn(path -> path.contains("/podmonitors/"))
        .hasSize(values.contains("serviceMonitor") ? 1 : 0);
  }

  @Test
  void scales_by_the_groups_and_topics_that_the_services_have() throws Exception {
    String all = String.join("\n", render(LEAST + ",autoscaling.type=keda"));

    for (Map.Entry<String, String> each :
        Map.of(
                "checkout-worker", "build-requested",
                "dockerfile-rewriter", "source-checked-out",
                "build-submitter", "dockerfile-rewritten",
                "artifact-pusher", "image-built")
            .entrySet()) {
      Path settings = GoTools.home().resolve(each.getKey() + "/src/main/resources/META-INF");
      assertThat(all)
          .containsPattern(
              "consumerGroup: tarkiln-%s\\s+topic: \"tarkiln.%s\""
                  .formatted(each.getKey(), each.getValue()));
      assertThat(Files.readString(settings.resolve("microprofile-config.properties")))
          .contains("group.id=tarkiln-" + each.getKey(), "}" + each.getValue());
    }
  }

  @Test
  void makes_a_topic_of_strimzis_for_each_of_ours() throws Exception {
    List<String> topics =
        render(LEAST + ",topics.strimzi.create=true,topics.strimzi.cluster=main").stream()
            .filter(manifest -> manifest.contains("kind: KafkaTopic"))
            .toList();

    assertThat(topics)
        .hasSize(new Topics("tarkiln.").all().size())
        .allSatisfy(
            topic ->
                assertThat(topic)
                    .contains("strimzi.io/cluster: main", "partitions: 12", "replicas: 3")
                    .containsPattern("retention.ms: [0-9]+\n"));
    assertThat(String.join("\n", topics))
        .contains(
            new Topics("tarkiln.")
                .all().stream().map(topic -> "name: " + topic + "\n").toArray(String[]::new));
  }

  @Test
  void makes_a_user_of_strimzis_for_each_role_with_what_it_may_and_no_more() throws Exception {
    List<String> users =
        render(
                LEAST
                    + ",topics.strimzi.create=true,topics.strimzi.users.create=true"
                    + ",services.artifactPusher.kafkaSecret=kafka-pusher")
            .stream()
            .filter(manifest -> manifest.contains("kind: KafkaUser"))
            .toList();

    assertThat(users).hasSize(Role.values().length);
    for (Role role : Role.values()) {
      String user =
          users.stream()
              .filter(each -> each.contains("\n  name: tarkiln-" + role.wire() + "\n"))
              .findFirst()
              .orElseThrow();
      assertThat(user.lines().map(String::strip).filter(line -> line.matches("(- res|oper).*")))
          .as(role.wire())
          .containsExactlyInAnyOrderElementsOf(strimziRules(role));
    }
  }

  private static List<String> strimziRules(Role role) {
    List<String> lines = new ArrayList<>();
    String topic = "- resource: {type: topic, name: tarkiln.%s, patternType: literal}";
    for (String each : role.written()) {
      lines.addAll(List.of(topic.formatted(each), "operations: [Write]"));
    }
    for (String each : role.read()) {
      lines.addAll(List.of(topic.formatted(each), "operations: [Read]"));
    }
    for (Role.Group each : role.groups()) {
      lines.add(
          "- resource: {type: group, name: %s, patternType: %s}"
              .formatted(each.name(), each.isPrefix() ? "prefix" : "literal"));
      lines.add("operations: [Read]");
    }
    return lines;
  }

  @Test
  void the_check_of_pods_sees_one_that_is_too_powerful() throws Exception {
    String deployment =
        render(LEAST).stream()
            .filter(it -> it.contains("kind: Deployment"))
            .findFirst()
            .orElseThrow();
    String path = ArgoFixture.path(deployment, NAMESPACE).orElseThrow();

    assertThatThrownBy(
            () -> api.check(path, deployment.replace("runAsNonRoot: true", "runAsNonRoot: false")))
        .hasMessageContaining("PodSecurity");
  }

  @Test
  void its_workflow_template_is_the_one_in_deploy_argo_with_the_values_in_place() throws Exception {
    String rendered =
        render(
                LEAST
                    + ",argo.clusterWorkflowTemplate.image=harbor.example.com/kaniko:v9"
                    + ",argo.clusterWorkflowTemplate.shellImage=harbor.example.com/busybox:musl"
                    + ",argo.clusterWorkflowTemplate.activeDeadlineSeconds=77"
                    + ",argo.clusterWorkflowTemplate.nodeSelector.pool=builds"
                    + ",argo.clusterWorkflowTemplate.curlImage=harbor.example.com/curl:8"
                    + ",argo.clusterWorkflowTemplate.userNamespaces=true"
                    + ",argo.clusterWorkflowTemplate.runtimeClassName=gvisor"
                    + ",registry.caConfigMap=authorities")
            .stream()
            .filter(manifest -> manifest.contains("kind: ClusterWorkflowTemplate"))
            .findFirst()
            .orElseThrow();
    Path file = Files.writeString(folder.resolve("template.yaml"), rendered);
    Path lint = GoTool.build(GoTools.home().resolve("deploy/argo/lint"), folder.resolve("lint"));

    GoTool.run(folder, List.of(lint.toString(), file.toString()));

    assertThat(rendered)
        .contains("image: harbor.example.com/kaniko:v9", "image: harbor.example.com/busybox:musl")
        .contains("activeDeadlineSeconds: 77")
        .contains("pool: builds")
        .contains("podSpecPatch: '{\"hostUsers\":false,\"runtimeClassName\":\"gvisor\"}'")
        .doesNotContain("curlimages")
        .contains("mountPath: /kaniko/ssl/certs/registry-ca.crt", "name: authorities")
        .contains("secondsAfterSuccess: 1800");
  }

  @Test
  void denies_builds_whatever_is_private_and_never_opens_all_ports() throws Exception {
    String shipped = Files.readString(GoTools.home().resolve("deploy/argo/network-policy.yaml"));
    String plain = policy("");
    String opened =
        policy(
            ",argo.network.private[0].cidr=10.1.2.3/32,argo.network.private[0].ports={443,5000}"
                + ",argo.network.apiServer[0].cidr=10.0.0.1/32,argo.network.apiServer[0].ports={6443}"
                + ",argo.network.dns.cidrs={169.254.20.10/32}");
    String closed = policy(",argo.network.publicPorts=null,argo.network.dns.namespace=");

    assertThat(plain)
        .contains("10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");
    assertThat(shipped.lines().filter(line -> line.contains("0.0.0/8")).map(String::strip))
        .allSatisfy(range -> assertThat(plain).contains(range));
    assertThat(opened)
        .containsPattern(
            "port: 443\\s+protocol: TCP\\s+- port: 5000\\s+protocol: TCP\\s+to:\\s+-"
                + " ipBlock:\\s+cidr: 10.1.2.3/32")
        .containsPattern("port: 6443\\s+protocol: TCP\\s+to:\\s+- ipBlock:\\s+cidr: 10.0.0.1/32")
        .contains("169.254.20.10/32");
    assertThat(closed).contains("egress: []").contains("ingress: []");
    for (String policy : List.of(plain, opened)) {
      assertThat(policy.split(" to:").length).isEqualTo(policy.split(" ports:").length);
      assertThat(policy).doesNotContain("ports: []");
    }
  }

  private static String policy(String values) throws Exception {
    return render(LEAST + values).stream()
        .filter(manifest -> manifest.contains("kind: NetworkPolicy"))
        .filter(manifest -> manifest.contains("name: tarkiln-kaniko"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LEAST + ",argo.network.private[0].cidr=10.0.0.0/8",
        LEAST + ",argo.network.private[0].cidr=10.0.0.0/8,argo.network.private[0].ports=null",
        "registry.address=harbor.example.com",
        "kafka.bootstrapServers=kafka:9092,registry.address=harbor.example.com",
        LEAST + ",policy.rules[0].workloads=shop",
        LEAST + ",registry.mirror=harbor.example.com/path",
        LEAST + ",s3.endpoint=minio:9000",
        LEAST + ",autoscaling.type=magic",
        LEAST + ",servcies.x=1",
        LEAST + ",kafka.settings.security=1",
      })
  void refuses_values_that_cannot_work(String values) {
    assertThatThrownBy(() -> render(values)).isInstanceOf(AssertionError.class);
  }

  private static List<String> render(String values) throws Exception {
    String all =
        helm("template", "-n", NAMESPACE, "--kube-version", "1.36.3", "--set", values, "tarkiln");
    return Arrays.stream(all.split("(?m)^---$"))
        .filter(manifest -> manifest.contains("\nkind: "))
        .toList();
  }

  private static String helm(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(chart.toString());
    return GoTool.run(folder, GoTool.command(helm, command));
  }
}
