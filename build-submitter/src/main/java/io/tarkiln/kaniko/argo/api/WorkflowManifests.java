package io.tarkiln.kaniko.argo.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.json.Json;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the Workflow of a run: a reference to the ClusterWorkflowTemplate and values for its
 * parameters, nothing else. Kaniko's arguments are decided in the template.
 */
public record WorkflowManifests(ArgoSettings settings, KanikoSettings kaniko) {
  /**
   * How many of each the template has room for: Argo cannot make one parameter several arguments.
   */
  public static final int MAX_BUILD_ARGUMENTS = 32;

  static final int MAX_PLAIN_HTTP_REGISTRIES = 4;

  /** Kubernetes allows all annotations of an object 256 KiB together. */
  private static final int MAX_EVENT = 200_000;

  public WorkflowManifests {
    if (kaniko.plainHttpRegistries().size() > MAX_PLAIN_HTTP_REGISTRIES) {
      throw new IllegalArgumentException(
          "TARKILN_PLAIN_HTTP_REGISTRIES: with the argo engine at most "
              + MAX_PLAIN_HTTP_REGISTRIES);
    }
  }

  /**
   * The Workflow, suspended until it is its turn.
   *
   * @throws RejectedException when Argo cannot carry what the run says
   */
  public JsonObject of(KanikoRun run) throws RejectedException {
    Map<String, String> parameters = parameters(run);
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      if (each.getValue().contains("{{")) {
        // Argo substitutes several times over, so a value with a template in it would be one.
        throw new RejectedException(
            Reason.BAD_REQUEST,
            "%s of %s contains '{{', which Argo would take for a template of its own: write it in another way"
                .formatted(each.getKey(), run.service()));
      }
    }
    JsonObject reference = new JsonObject();
    reference.addProperty("name", settings.template());
    reference.addProperty("clusterScope", true);
    JsonObject spec = new JsonObject();
    spec.addProperty("suspend", true);
    spec.add("workflowTemplateRef", reference);
    spec.add("arguments", arguments(parameters));
    JsonObject workflow = new JsonObject();
    workflow.addProperty("apiVersion", WorkflowApi.GROUP + "/" + WorkflowApi.VERSION);
    workflow.addProperty("kind", "Workflow");
    workflow.add("metadata", metadata(run));
    workflow.add("spec", spec);
    return workflow;
  }

  /** The Workflow of a further go at a run. */
  public JsonObject again(KanikoRun run, RunAttempt repetition) throws RejectedException {
    JsonObject workflow = of(run);
    JsonObject metadata = workflow.getAsJsonObject("metadata");
    metadata.addProperty("name", run.name(repetition.number()));
    JsonObject annotations = metadata.getAsJsonObject("annotations");
    annotations.addProperty(WorkflowLabels.GO, String.valueOf(repetition.number()));
    annotations.addProperty(WorkflowLabels.UNAVAILABLE_SINCE, repetition.since().toString());
    annotations.addProperty(WorkflowLabels.NOT_BEFORE, repetition.notBefore().toString());
    return workflow;
  }

  private JsonObject metadata(KanikoRun run) throws RejectedException {
    String event = StoredEvent.write(run);
    if (event.getBytes(UTF_8).length > MAX_EVENT) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "the request of %s has more than %d bytes, which a Workflow cannot carry: make its build arguments shorter"
              .formatted(run.service(), MAX_EVENT));
    }
    JsonObject labels = new JsonObject();
    labels.addProperty(WorkflowLabels.BUILD, run.build().toString());
    labels.addProperty(WorkflowLabels.WORKLOAD, run.workload());
    labels.addProperty(WorkflowLabels.SERVICE, run.service());
    JsonObject annotations = new JsonObject();
    annotations.addProperty(WorkflowLabels.EVENT, event);
    JsonArray finalizers = new JsonArray();
    finalizers.add(WorkflowLabels.FINALIZER);
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", run.name());
    metadata.addProperty("namespace", settings.namespace());
    metadata.add("labels", labels);
    metadata.add("annotations", annotations);
    metadata.add("finalizers", finalizers);
    return metadata;
  }

  private Map<String, String> parameters(KanikoRun run) throws RejectedException {
    List<String> buildArguments =
        run.input().buildArgs().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(each -> each.getKey() + "=" + each.getValue())
            .toList();
    if (buildArguments.size() > MAX_BUILD_ARGUMENTS) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "%s has %d build arguments: the Argo template has room for %d"
              .formatted(run.service(), buildArguments.size(), MAX_BUILD_ARGUMENTS));
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("dockerfile", run.input().dockerfile());
    parameters.put("build-context", run.input().context());
    parameters.put("wl-service-name", run.service());
    parameters.put("workload-name", run.workload());
    parameters.put(
        "kaniko-registry-mirror",
        kaniko.mirror().filter(host -> run.mirror()).orElse(KanikoSettings.NO_MIRROR));
    parameters.put("kaniko-snapshots", kaniko.snapshots().wire());
    parameters.put("kaniko-cache", String.valueOf(run.cache()));
    parameters.put("kaniko-cache-repo", kaniko.cacheRepository());
    parameters.put("target", run.input().target().orElse(""));
    parameters.put("build-args", json(buildArguments));
    parameters.put("plain-http-registries", json(kaniko.plainHttpRegistries()));
    return parameters;
  }

  private static String json(List<String> values) {
    return new String(Json.bytes(values), UTF_8);
  }

  private static JsonObject arguments(Map<String, String> values) {
    JsonArray parameters = new JsonArray();
    values.forEach(
        (name, value) -> {
          JsonObject parameter = new JsonObject();
          parameter.addProperty("name", name);
          parameter.addProperty("value", value);
          parameters.add(parameter);
        });
    JsonObject arguments = new JsonObject();
    arguments.add("parameters", parameters);
    return arguments;
  }
}
