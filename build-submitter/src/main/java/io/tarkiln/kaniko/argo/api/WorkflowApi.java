package io.tarkiln.kaniko.argo.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.kubernetes.client.common.KubernetesType;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watchable;
import io.kubernetes.client.util.generic.KubernetesApiResponse;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesListObject;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.kubernetes.client.util.generic.options.ListOptions;
import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.util.List;
import java.util.Optional;

/** What can be asked of the API server about our Workflows. Blocks for its time-outs. */
public final class WorkflowApi {
  static final String GROUP = "argoproj.io";
  static final String VERSION = "v1alpha1";

  private static final String PLURAL = "workflows";
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_LARGE = 413;
  private static final int UNPROCESSABLE = 422;

  private final DynamicKubernetesApi calls;
  private final DynamicKubernetesApi streams;
  private final String namespace;

  public WorkflowApi(ClusterClient cluster, String namespace) {
    this.calls = new DynamicKubernetesApi(GROUP, VERSION, PLURAL, cluster.calls());
    this.streams = new DynamicKubernetesApi(GROUP, VERSION, PLURAL, cluster.streams());
    this.namespace = namespace;
  }

  /**
   * Creates a Workflow; returns whether it did, or there was one of the name.
   *
   * @throws RejectedException when the API server will never take it
   */
  public boolean create(JsonObject manifest) throws RejectedException, UnavailableException {
    KubernetesApiResponse<DynamicKubernetesObject> answer =
        ask(
            "create a Workflow in " + namespace,
            () -> calls.create(new DynamicKubernetesObject(manifest)));
    return switch (answer.getHttpStatusCode()) {
      case CONFLICT -> false;
      case BAD_REQUEST, TOO_LARGE, UNPROCESSABLE ->
          throw new RejectedException(
              Reason.INTERNAL_ERROR,
              "Kubernetes does not take the Workflow: " + answer.getStatus().getMessage());
      default -> {
        check("create a Workflow in " + namespace, answer);
        yield true;
      }
    };
  }

  public Optional<Workflow> get(String name) throws UnavailableException {
    String what = "read Workflow " + name;
    KubernetesApiResponse<DynamicKubernetesObject> answer =
        ask(what, () -> calls.get(namespace, name));
    if (answer.getHttpStatusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    return Optional.of(new Workflow(check(what, answer).getRaw()));
  }

  /** The Workflows of a build whose ends have not been published. */
  public List<Workflow> ofBuild(BuildId build) throws UnavailableException {
    String what = "list Workflows in " + namespace;
    ListOptions ofBuild =
        new ListOptions()
            .labelSelector(WorkflowLabels.BUILD + "=" + build + ",!" + WorkflowLabels.SETTLED);
    return check(what, ask(what, () -> calls.list(namespace, ofBuild))).getItems().stream()
        .map(item -> new Workflow(item.getRaw()))
        .toList();
  }

  /** Lets a Workflow begin. */
  public void resume(Workflow workflow) throws UnavailableException {
    JsonObject spec = new JsonObject();
    spec.add("suspend", JsonNull.INSTANCE);
    JsonObject patch = new JsonObject();
    patch.add("spec", spec);
    patch("resume", workflow.name(), patch);
  }

  /** Has Argo stop a Workflow, and notes why. Does nothing where there is none. */
  public void stop(Workflow workflow, StopCause cause) throws UnavailableException {
    JsonObject spec = new JsonObject();
    // A suspended one would never get to its end.
    spec.add("suspend", JsonNull.INSTANCE);
    spec.addProperty("shutdown", "Terminate");
    JsonObject annotations = new JsonObject();
    annotations.addProperty(WorkflowLabels.STOPPED_FOR, cause.wire());
    JsonObject metadata = new JsonObject();
    metadata.add("annotations", annotations);
    JsonObject patch = new JsonObject();
    patch.add("metadata", metadata);
    patch.add("spec", spec);
    patch("stop", workflow.name(), patch);
  }

  /**
   * Notes that the end has been published and lets go of the Workflow; returns whether that was so,
   * or it has changed meanwhile.
   */
  public boolean release(Workflow workflow) throws UnavailableException {
    JsonArray others = new JsonArray();
    workflow.finalizers().stream()
        .filter(finalizer -> !finalizer.equals(WorkflowLabels.FINALIZER))
        .forEach(others::add);
    JsonObject labels = new JsonObject();
    labels.addProperty(WorkflowLabels.SETTLED, "true");
    JsonObject metadata = new JsonObject();
    // The list is written as a whole: only onto the Workflow that it was read from.
    metadata.addProperty("resourceVersion", workflow.resourceVersion());
    metadata.add("labels", labels);
    metadata.add("finalizers", others);
    JsonObject patch = new JsonObject();
    patch.add("metadata", metadata);
    return patch("release", workflow.name(), patch);
  }

  /** Lists and watches the Workflows whose ends have not been published. */
  public ListerWatcher<DynamicKubernetesObject, DynamicKubernetesListObject> unsettled() {
    return new ListerWatcher<>() {
      @Override
      public DynamicKubernetesListObject list(CallGeneratorParams params) throws ApiException {
        return calls.list(namespace, options(params)).throwsApiException().getObject();
      }

      @Override
      public Watchable<DynamicKubernetesObject> watch(CallGeneratorParams params)
          throws ApiException {
        return streams.watch(namespace, options(params));
      }
    };
  }

  private static ListOptions options(CallGeneratorParams params) {
    ListOptions options = new ListOptions().labelSelector(WorkflowLabels.UNSETTLED);
    options.setResourceVersion(params.resourceVersion);
    options.setTimeoutSeconds(params.timeoutSeconds);
    return options;
  }

  private boolean patch(String verb, String name, JsonElement patch) throws UnavailableException {
    String what = "%s Workflow %s".formatted(verb, name);
    KubernetesApiResponse<DynamicKubernetesObject> answer =
        ask(
            what,
            () ->
                calls.patch(
                    namespace,
                    name,
                    V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
                    new V1Patch(patch.toString())));
    if (answer.getHttpStatusCode() == NOT_FOUND || answer.getHttpStatusCode() == CONFLICT) {
      return false;
    }
    check(what, answer);
    return true;
  }

  private interface Question<T extends KubernetesType> {
    KubernetesApiResponse<T> put();
  }

  /** The generic API throws unchecked where it got no answer. */
  private static <T extends KubernetesType> KubernetesApiResponse<T> ask(
      String what, Question<T> question) throws UnavailableException {
    try {
      return question.put();
    } catch (RuntimeException silent) {
      throw new UnavailableException(
          "cannot %s: Kubernetes does not answer: %s".formatted(what, silent.getMessage()), silent);
    }
  }

  private static <T extends KubernetesType> T check(String what, KubernetesApiResponse<T> answer)
      throws UnavailableException {
    if (answer.isSuccess()) {
      return answer.getObject();
    }
    throw ClusterClient.unavailable(
        what, answer.getHttpStatusCode(), answer.getStatus().getMessage());
  }
}
