package io.tarkiln.kaniko.argo.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tarkiln.build.BuildId;
import io.tarkiln.event.json.UnreadableException;
import io.tarkiln.kaniko.KanikoRun;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** A Workflow as the API server has it, read only as far as we need. */
public record Workflow(JsonObject json) {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed", "Error");

  public String name() {
    return text(metadata(), "name").orElse("");
  }

  /** Kubernetes' id of it: another of the same name has another. */
  public String uid() {
    return text(metadata(), "uid").orElse("");
  }

  String resourceVersion() {
    return text(metadata(), "resourceVersion").orElse("");
  }

  public String build() {
    return label(WorkflowLabels.BUILD).orElse("");
  }

  /** When its build was asked for, as the build's id has it. */
  public Optional<Instant> asked() {
    try {
      return Optional.of(BuildId.parse(build()).start());
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  public String workload() {
    return label(WorkflowLabels.WORKLOAD).orElse("");
  }

  public Optional<String> label(String name) {
    return text(object(metadata(), "labels"), name);
  }

  Optional<String> annotation(String name) {
    return text(object(metadata(), "annotations"), name);
  }

  /** The run that it is for. */
  public KanikoRun run() throws UnreadableException {
    return StoredEvent.read(
        annotation(WorkflowLabels.EVENT)
            .orElseThrow(
                () -> new UnreadableException("Workflow " + name() + " has no event of ours")));
  }

  public List<String> finalizers() {
    return elements(metadata(), "finalizers").stream().map(JsonElement::getAsString).toList();
  }

  /** Whether somebody has deleted it; it stays until all finalizers are gone. */
  public boolean isDeleted() {
    return metadata().has("deletionTimestamp");
  }

  public boolean isSuspended() {
    JsonElement suspend = object(json, "spec").get("suspend");
    return suspend != null && suspend.isJsonPrimitive() && suspend.getAsBoolean();
  }

  /** Whether somebody has Argo stop it. */
  public boolean isStopped() {
    return text(object(json, "spec"), "shutdown").isPresent();
  }

  /** Whether its end has been published, so that it is let go of. */
  public boolean isSettled() {
    return label(WorkflowLabels.SETTLED).isPresent();
  }

  String phase() {
    return text(object(json, "status"), "phase").orElse("");
  }

  String message() {
    return text(object(json, "status"), "message").orElse("");
  }

  public boolean hasEnded() {
    return ENDED.contains(phase());
  }

  public boolean isRunning() {
    return !isSuspended() && !hasEnded() && !isDeleted();
  }

  /** The pods that ran for it or run, oldest first: more than one when Argo tried again. */
  public List<Attempt> attempts() {
    return object(object(json, "status"), "nodes").entrySet().stream()
        .filter(node -> node.getValue().isJsonObject())
        .map(node -> attempt(node))
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(Attempt::startedAt).thenComparing(Attempt::node))
        .toList();
  }

  /**
   * One pod of a Workflow.
   *
   * @param node Argo's id of it
   * @param exitCode of Kaniko, if it ended
   */
  public record Attempt(
      String node, String phase, String message, Instant startedAt, Optional<Integer> exitCode) {
    /** Whether it waits for a node, or for its images. */
    public boolean isPending() {
      return phase.equals("Pending");
    }

    /** The same with what its pod says, where Argo knows no more than that it waits. */
    public Attempt heldUp(Optional<String> reason) {
      return isPending() && reason.isPresent()
          ? new Attempt(node, phase, reason.get(), startedAt, exitCode)
          : this;
    }
  }

  private static Optional<Attempt> attempt(Map.Entry<String, JsonElement> entry) {
    JsonObject node = entry.getValue().getAsJsonObject();
    if (!text(node, "type").orElse("").equals("Pod")) {
      return Optional.empty();
    }
    JsonObject outputs = object(node, "outputs");
    return Optional.of(
        new Attempt(
            entry.getKey(),
            text(node, "phase").orElse(""),
            text(node, "message").orElse(""),
            text(node, "startedAt").map(Instant::parse).orElse(Instant.EPOCH),
            text(outputs, "exitCode").map(Integer::valueOf)));
  }

  private JsonObject metadata() {
    return object(json, "metadata");
  }

  private static JsonObject object(JsonObject parent, String name) {
    JsonElement child = parent.get(name);
    return child != null && child.isJsonObject() ? child.getAsJsonObject() : new JsonObject();
  }

  private static List<JsonElement> elements(JsonObject parent, String name) {
    JsonElement child = parent.get(name);
    JsonArray array =
        child != null && child.isJsonArray() ? child.getAsJsonArray() : new JsonArray();
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static Optional<String> text(JsonObject parent, String name) {
    JsonElement child = parent.get(name);
    return child != null && child.isJsonPrimitive()
        ? Optional.of(child.getAsString())
        : Optional.empty();
  }
}
