package io.tarkiln.kaniko.argo;

import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.tarkiln.kaniko.argo.api.ClusterClient;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease by which, of all build-submitters of a namespace, one looks after the Workflows. As in
 * client-go's leader election, a holder counts as gone when its Lease has not changed for its
 * duration by our own clock, so that clocks need not agree.
 */
final class ControllerLease {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerLease.class);
  private static final String NAME = "tarkiln-build-submitter";

  private final CoordinationV1Api api;
  private final String namespace;
  private final String identity;
  private final Duration duration;
  private V1LeaseSpec seen = new V1LeaseSpec();
  private long seenAt = System.nanoTime();
  private volatile long renewedAt;
  private volatile boolean held;

  ControllerLease(ClusterClient cluster, String namespace, String identity, Duration duration) {
    this.api = new CoordinationV1Api(cluster.calls());
    this.namespace = namespace;
    this.identity = identity;
    this.duration = duration;
  }

  /** Renews or tries to take the lease. Call it often. */
  synchronized void renew() {
    long asked = System.nanoTime();
    try {
      boolean isOurs = renewOrTake();
      renewedAt = asked;
      held = isOurs;
    } catch (ApiException failed) {
      LOG.warn("cannot renew the lease code={} message={}", failed.getCode(), failed.getMessage());
    } catch (RuntimeException defect) {
      LOG.error("cannot renew the lease", defect);
    }
  }

  /** Whether the lease is ours: until the others take it, less the time of one more try. */
  boolean isHeld() {
    return held && since(renewedAt).compareTo(duration.multipliedBy(2).dividedBy(3)) < 0;
  }

  /** Gives the lease up, so that another takes it at once. */
  synchronized void release() {
    if (!held) {
      return;
    }
    held = false;
    try {
      V1Lease lease = api.readNamespacedLease(NAME, namespace).execute();
      if (identity.equals(lease.getSpec().getHolderIdentity())) {
        lease.getSpec().setHolderIdentity("");
        api.replaceNamespacedLease(NAME, namespace, lease).execute();
      }
    } catch (ApiException failed) {
      LOG.debug("the lease will expire", failed);
    }
  }

  private boolean renewOrTake() throws ApiException {
    V1Lease lease;
    try {
      lease = api.readNamespacedLease(NAME, namespace).execute();
    } catch (ApiException missing) {
      if (missing.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw missing;
      }
      V1Lease first = new V1Lease().metadata(new V1ObjectMeta().name(NAME)).spec(ours());
      return isWritten(() -> api.createNamespacedLease(namespace, first).execute());
    }
    V1LeaseSpec spec = lease.getSpec();
    if (!Objects.equals(spec, seen)) {
      seen = spec;
      seenAt = System.nanoTime();
    }
    String holder = Objects.requireNonNullElse(spec.getHolderIdentity(), "");
    boolean free =
        holder.isEmpty() || holder.equals(identity) || since(seenAt).compareTo(duration) > 0;
    if (!free) {
      return false;
    }
    lease.setSpec(ours());
    return isWritten(() -> api.replaceNamespacedLease(NAME, namespace, lease).execute());
  }

  private V1LeaseSpec ours() {
    OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
    return new V1LeaseSpec()
        .holderIdentity(identity)
        .leaseDurationSeconds(Math.toIntExact(Math.max(1, duration.toSeconds())))
        .acquireTime(now)
        .renewTime(now);
  }

  private interface Write {
    V1Lease put() throws ApiException;
  }

  /** Another may have been faster. */
  private static boolean isWritten(Write write) throws ApiException {
    try {
      write.put();
      return true;
    } catch (ApiException refused) {
      if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw refused;
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
