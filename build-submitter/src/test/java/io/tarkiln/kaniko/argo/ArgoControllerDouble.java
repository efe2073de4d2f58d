package io.tarkiln.kaniko.argo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tarkiln.kaniko.argo.api.Workflow;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Plays Argo's controller: says of Workflows what it would, and makes their pods. */
record ArgoControllerDouble(ApiServer api, String namespace, Kubelet kubelet) {
  private static final String NODE = "node";

  /** The machine on which all pods are. */
  void register() throws IOException {
    api.apply("/api/v1/nodes/" + NODE, "apiVersion: v1\nkind: Node\nmetadata: {name: node}\n");
    api.send(
        "PATCH",
        "/api/v1/nodes/" + NODE + "/status",
        "application/merge-patch+json",
        """
        {"status": {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                    "daemonEndpoints": {"kubeletEndpoint": {"Port": %d}}}}
        """
            .formatted(kubelet.port())
            .getBytes(UTF_8));
  }

  /** All Workflows that are there. */
  List<Workflow> workflows() throws IOException {
    List<Workflow> all = new ArrayList<>();
    String json = api.send("GET", path(""), "application/json", new byte[0]);
    for (JsonElement item :
        JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("items")) {
      JsonObject object = item.getAsJsonObject();
      all.add(new Workflow(object));
    }
    return all;
  }

  Workflow workflow(String name) throws IOException {
    return workflows().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Workflow " + name));
  }

  /** A pod runs for the Workflow; returns the pod's name. */
  String begin(String workflow) throws IOException {
    String pod = workflow + "-pod-" + workflow(workflow).attempts().size();
    begin(workflow, pod);
    return pod;
  }

  /** A pod of this name runs for the Workflow. */
  void begin(String workflow, String pod) throws IOException {
    api.apply(
        "/api/v1/namespaces/%s/pods/%s".formatted(namespace, pod),
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          labels: {workflows.argoproj.io/workflow: %s}
          annotations: {workflows.argoproj.io/node-id: %s}
        spec:
          nodeName: %s
          containers: [{name: main, image: kaniko}]
        """
            .formatted(pod, workflow, pod, NODE));
    status(workflow, "Running", "", pod, "Running", "", "");
  }

  /**
   * A pod is there for the Workflow and cannot begin, for this reason of a container's before
   * Kaniko's.
   */
  void holdUp(String workflow, String reason, String message) throws IOException {
    String pod = begin(workflow);
    JsonObject waiting = new JsonObject();
    waiting.addProperty("reason", reason);
    waiting.addProperty("message", message);
    api.send(
        "PATCH",
        "/api/v1/namespaces/%s/pods/%s/status".formatted(namespace, pod),
        "application/merge-patch+json",
        """
        {"status": {"phase": "Pending", "initContainerStatuses": [
          {"name": "shell", "image": "shell", "imageID": "", "ready": false, "restartCount": 0,
           "state": {"waiting": %s}}]}}
        """
            .formatted(waiting)
            .getBytes(UTF_8));
    status(workflow, "Running", "", pod, "Pending", "PodInitializing", "");
  }

  /** The pod's Kaniko has ended, and with it the Workflow. */
  void end(String workflow, String pod, String phase, String message, String outputs)
      throws IOException {
    String terminated =
        """
        {"status": {"phase": "Failed", "containerStatuses": [
          {"name": "main", "image": "kaniko", "imageID": "", "ready": false, "restartCount": 0,
           "state": {"terminated": {"exitCode": 1}}}]}}
        """;
    api.send(
        "PATCH",
        "/api/v1/namespaces/%s/pods/%s/status".formatted(namespace, pod),
        "application/merge-patch+json",
        terminated.getBytes(UTF_8));
    kubelet.begin(pod).end();
    status(workflow, phase, message, pod, phase, message, outputs);
  }

  /** The pod is gone before anything could be read of it. */
  void removePod(String pod) throws IOException {
    kubelet.forget(pod);
    api.send(
        "DELETE",
        "/api/v1/namespaces/%s/pods/%s?gracePeriodSeconds=0".formatted(namespace, pod),
        "application/json",
        new byte[0]);
  }

  /** Says how a Workflow stands, with one pod. */
  void status(
      String workflow,
      String phase,
      String message,
      String pod,
      String podPhase,
      String podMessage,
      String outputs)
      throws IOException {
    JsonObject node = new JsonObject();
    node.addProperty("type", "Pod");
    node.addProperty("phase", podPhase);
    node.addProperty("message", podMessage);
    if (!node.has("startedAt") && podPhase.matches("Running|Pending")) {
      node.addProperty("startedAt", Instant.now().toString());
    }
    if (!outputs.isEmpty()) {
      node.add("outputs", JsonParser.parseString(outputs));
    }
    JsonObject nodes = new JsonObject();
    nodes.add(pod, node);
    JsonObject status = new JsonObject();
    status.addProperty("phase", phase);
    status.addProperty("message", message);
    status.add("nodes", nodes);
    JsonObject patch = new JsonObject();
    patch.add("status", status);
    patch(workflow, patch.toString());
  }

  /** Deletes a Workflow as a person would. */
  void delete(String workflow) throws IOException {
    api.send("DELETE", path("/" + workflow), "application/json", new byte[0]);
  }

  void patch(String workflow, String json) throws IOException {
    api.send("PATCH", path("/" + workflow), "application/merge-patch+json", json.getBytes(UTF_8));
  }

  private String path(String end) {
    return "/apis/argoproj.io/v1alpha1/namespaces/%s/workflows%s".formatted(namespace, end);
  }
}
