package io.tarkiln.kaniko.argo.api;

import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.kubernetes.client.openapi.models.V1Secret;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.access.AccessIssuer;
import io.tarkiln.kaniko.access.RunAccess;
import io.tarkiln.store.ObjectAddresses;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The Secrets of runs, each of its Workflow's name, which Kubernetes removes with the Workflow.
 * What a run may do with S3 is in it, addresses for exactly its objects, and what it may do at
 * registries. It is written when the run begins and again while it runs, and emptied when its end
 * is published. It cannot be read with the rights that this needs.
 */
public final class RunSecrets {
  /** How long an address lasts when nobody renews it. */
  private static final Duration LIFETIME = Duration.ofHours(6);

  /**
   * After how long addresses are made anew: the session of a role may end sooner than they would,
   * and the SDK uses one until five minutes before that. Registry tokens must live longer, and the
   * minute or so that the kubelet takes.
   */
  public static final Duration RENEWAL = Duration.ofMinutes(2);

  private final CoreV1Api calls;
  private final String namespace;
  private final ObjectAddresses addresses;
  private final AccessIssuer access;

  public RunSecrets(
      ClusterClient cluster, String namespace, ObjectAddresses addresses, AccessIssuer access) {
    this.calls = new CoreV1Api(cluster.calls());
    this.namespace = namespace;
    this.addresses = addresses;
    this.access = access;
  }

  /** What a run may do at registries from now on. */
  public RunAccess access(KanikoRun run) throws UnavailableException {
    try {
      return access.issue(run);
    } catch (RejectedException operators) {
      // It waits for whoever can mend the account or the policy.
      throw new UnavailableException(operators.getMessage(), operators);
    }
  }

  /** Makes the Secret of a Workflow, or makes it anew. */
  public void put(Workflow workflow, KanikoRun run) throws UnavailableException {
    put(workflow, data(run));
  }

  /** Takes back what the run was given: an address that somebody has noted lasts its time. */
  public void clear(Workflow workflow) throws UnavailableException {
    put(workflow, Map.of());
  }

  private Map<String, String> data(KanikoRun run) throws UnavailableException {
    Map<String, String> data = new HashMap<>(access(run).files());
    data.put("source", addresses.toRead(run.input().sourceKey(), LIFETIME).toString());
    data.put("dockerfile", addresses.toRead(run.input().dockerfileKey(), LIFETIME).toString());
    data.put("image", addresses.toWrite(run.imageTarKey(), LIFETIME).toString());
    return data;
  }

  private void put(Workflow workflow, Map<String, String> data) throws UnavailableException {
    V1Secret secret =
        new V1Secret()
            .metadata(
                new V1ObjectMeta()
                    .name(workflow.name())
                    .namespace(namespace)
                    .putLabelsItem(WorkflowLabels.BUILD, workflow.build())
                    .addOwnerReferencesItem(
                        new V1OwnerReference()
                            .apiVersion(WorkflowApi.GROUP + "/" + WorkflowApi.VERSION)
                            .kind("Workflow")
                            .name(workflow.name())
                            .uid(workflow.uid())))
            .type("Opaque")
            .stringData(data);
    try {
      if (!isCreated(secret)) {
        calls.replaceNamespacedSecret(workflow.name(), namespace, secret).execute();
      }
    } catch (ApiException failed) {
      throw ClusterClient.unavailable(
          "write Secret " + workflow.name(), failed.getCode(), String.valueOf(failed.getMessage()));
    }
  }

  private boolean isCreated(V1Secret secret) throws ApiException {
    try {
      calls.createNamespacedSecret(namespace, secret).execute();
      return true;
    } catch (ApiException failed) {
      if (failed.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw failed;
    }
  }
}
