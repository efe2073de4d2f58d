package io.tarkiln.kaniko.argo;

import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watchable;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesListObject;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.kaniko.argo.api.ClusterClient;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.kaniko.argo.api.WorkflowApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Workflows whose ends have not been published, as an informer keeps them. One that is gone
 * although our finalizer should have held it is kept until it is {@linkplain #forget forgotten}.
 */
final class WorkflowCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowCache.class);

  /** The informer watches anew after 10 minutes at the latest; else its thread is dead. */
  private static final Duration MAX_WATCH = Duration.ofMinutes(15);

  private final ArgoSettings settings;
  private final SharedInformerFactory informers;
  private final SharedIndexInformer<DynamicKubernetesObject> informer;
  private final Map<String, Workflow> deleted = new ConcurrentHashMap<>();
  private long goodAt = System.nanoTime();
  private boolean failing;

  WorkflowCache(ArgoSettings settings, WorkflowApi workflows, ClusterClient cluster) {
    this.settings = settings;
    this.informers = new SharedInformerFactory(cluster.streams());
    this.informer =
        informers.sharedIndexInformerFor(
            observed(workflows.unsettled()),
            DynamicKubernetesObject.class,
            settings.resync().toMillis(),
            // It lists and watches anew every second, so one line each time is enough.
            (type, broken) -> LOG.warn("cannot watch Workflows: {}", broken.getMessage()));
  }

  /**
   * Begins to list and watch.
   *
   * @param changed takes the name of each Workflow that came, changed or went; must not block
   */
  void start(Consumer<String> changed) {
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(DynamicKubernetesObject added) {
            changed.accept(added.getMetadata().getName());
          }

          @Override
          public void onUpdate(DynamicKubernetesObject before, DynamicKubernetesObject now) {
            changed.accept(now.getMetadata().getName());
          }

          @Override
          public void onDelete(DynamicKubernetesObject last, boolean stateUnknown) {
            Workflow workflow = new Workflow(last.getRaw());
            deleted.put(workflow.name(), workflow);
            changed.accept(workflow.name());
          }
        });
    informers.startAllRegisteredInformers();
  }

  /** All that are there; empty as long as they have not been listed. */
  List<Workflow> list() {
    return informer.hasSynced()
        ? informer.getIndexer().list().stream().map(each -> new Workflow(each.getRaw())).toList()
        : List.of();
  }

  Optional<Workflow> get(String name) {
    return Optional.ofNullable(informer.getIndexer().getByKey(settings.namespace() + "/" + name))
        .map(each -> new Workflow(each.getRaw()));
  }

  /** The last that was seen of one that is out of sight. */
  Optional<Workflow> deleted(String name) {
    return Optional.ofNullable(deleted.get(name));
  }

  /** Nothing more is to be done for one that is out of sight. */
  void forget(String name) {
    deleted.remove(name);
  }

  /** For how long Workflows could not be listed or watched; zero while they can. */
  synchronized Duration blindFor() {
    Duration since = Duration.ofNanos(System.nanoTime() - goodAt);
    if (failing || !informer.hasSynced()) {
      return since;
    }
    return since.compareTo(MAX_WATCH) > 0 ? since : Duration.ZERO;
  }

  private synchronized void observe(boolean isGood) {
    if (isGood || !failing) {
      goodAt = System.nanoTime();
    }
    failing = !isGood;
  }

  private interface Call<T> {
    T put() throws ApiException;
  }

  private <T> T observed(Call<T> call) throws ApiException {
    boolean isGood = false;
    try {
      T answer = call.put();
      isGood = true;
      return answer;
    } finally {
      observe(isGood);
    }
  }

  private ListerWatcher<DynamicKubernetesObject, DynamicKubernetesListObject> observed(
      ListerWatcher<DynamicKubernetesObject, DynamicKubernetesListObject> calls) {
    return new ListerWatcher<>() {
      @Override
      public DynamicKubernetesListObject list(CallGeneratorParams params) throws ApiException {
        return observed(() -> calls.list(params));
      }

      @Override
      public Watchable<DynamicKubernetesObject> watch(CallGeneratorParams params)
          throws ApiException {
        return observed(() -> calls.watch(params));
      }
    };
  }

  @Override
  public void close() {
    informers.stopAllRegisteredInformers(true);
  }
}
