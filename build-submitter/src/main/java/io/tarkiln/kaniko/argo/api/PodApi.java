package io.tarkiln.kaniko.argo.api;

import io.kubernetes.client.PodLogs;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ContainerStatus;
import io.kubernetes.client.openapi.models.V1Pod;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The pods of our Workflows. */
public final class PodApi {
  private static final String WORKFLOW = "workflows.argoproj.io/workflow";
  private static final String NODE = "workflows.argoproj.io/node-id";
  private static final String MAIN = "main";

  private final CoreV1Api calls;
  private final PodLogs logs;
  private final String namespace;

  public PodApi(ClusterClient cluster, String namespace) {
    this.calls = new CoreV1Api(cluster.calls());
    this.logs = new PodLogs(cluster.streams());
    this.namespace = namespace;
  }

  /**
   * A pod.
   *
   * @param uid Kubernetes' id of it; Argo gives the same name again to a pod in a lost one's place
   * @param node Argo's id of what it is for
   * @param ended whether Kaniko has ended in it, so that its log grows no more
   * @param heldUp why a container has not begun that goes before Kaniko's, of which Argo's
   *     controller says nothing
   */
  public record Pod(String name, String uid, String node, boolean ended, Optional<String> heldUp) {}

  /** The pods of a Workflow that are there, oldest first. */
  public List<Pod> of(String workflow) throws UnavailableException {
    try {
      return calls
          .listNamespacedPod(namespace)
          .labelSelector(WORKFLOW + "=" + workflow)
          .execute()
          .getItems()
          .stream()
          .sorted(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
          .map(PodApi::pod)
          .toList();
    } catch (ApiException failed) {
      throw ClusterClient.unavailable(
          "list pods", failed.getCode(), String.valueOf(failed.getMessage()));
    }
  }

  /**
   * Kaniko's output from its beginning on; ends when Kaniko has ended. Empty where Kaniko has not
   * begun, or the pod is gone.
   */
  public Optional<InputStream> log(Pod pod) throws IOException {
    try {
      return Optional.of(logs.streamNamespacedPodLog(namespace, pod.name(), MAIN));
    } catch (ApiException notThere) {
      return Optional.empty();
    }
  }

  private static Pod pod(V1Pod pod) {
    String name = pod.getMetadata().getName();
    String node =
        Optional.ofNullable(pod.getMetadata().getAnnotations())
            .map(annotations -> annotations.get(NODE))
            .orElse(name);
    return new Pod(name, pod.getMetadata().getUid(), node, hasEnded(pod), heldUp(pod));
  }

  /** What the kubelet says of the first that waits; those after it wait for it. */
  private static Optional<String> heldUp(V1Pod pod) {
    List<V1ContainerStatus> statuses =
        Optional.ofNullable(pod.getStatus())
            .map(status -> status.getInitContainerStatuses())
            .orElse(List.of());
    return statuses.stream()
        .filter(container -> container.getState() != null)
        .map(container -> container.getState().getWaiting())
        .filter(waiting -> waiting != null && waiting.getReason() != null)
        .findFirst()
        .map(
            waiting ->
                Optional.ofNullable(waiting.getMessage())
                    .map(message -> waiting.getReason() + ": " + message)
                    .orElse(waiting.getReason()));
  }

  private static boolean hasEnded(V1Pod pod) {
    List<V1ContainerStatus> statuses =
        Optional.ofNullable(pod.getStatus())
            .map(status -> status.getContainerStatuses())
            .orElse(List.of());
    return statuses.stream()
        .anyMatch(
            container ->
                container.getName().equals(MAIN)
                    && container.getState() != null
                    && container.getState().getTerminated() != null);
  }
}
