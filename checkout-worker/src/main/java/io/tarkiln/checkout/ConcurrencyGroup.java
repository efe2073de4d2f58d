package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.PrintableText;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.image.Digests;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of builds of one workload with the same concurrency key, the newest goes on and the older ones
 * are cancelled, in the ordinary way. Newer is whose id is greater: it begins with the time at
 * which the build was asked for, and is the same however often, wherever and in which order
 * requests arrive.
 *
 * <p>Each build leaves a marker in S3 before it looks for those of others. So of two at once at
 * least one sees the other, and whichever it is does the same: the older is cancelled. Markers of
 * older builds are deleted once they are asked to stop, and one is left per key. A marker of an id
 * that is ahead of time, which a version that took such ids may have left, counts for nothing.
 */
public record ConcurrencyGroup(ObjectStore store, EventPublisher events, InstantSource clock)
    implements CheckoutStep.Admission {
  private static final Logger LOG = LoggerFactory.getLogger(ConcurrencyGroup.class);

  public ConcurrencyGroup(ObjectStore store, EventPublisher events) {
    this(store, events, InstantSource.system());
  }

  @Override
  public Optional<BuildCancelRequested> refused(Event<BuildRequested> event)
      throws UnavailableException {
    Optional<String> key = event.data().concurrency();
    if (key.isEmpty()) {
      return Optional.empty();
    }
    String workload = event.data().workload();
    String group = ObjectKeys.concurrency(workload, Digests.hex(key.get().getBytes(UTF_8)));
    store.write(group + event.build(), new byte[0]);
    TreeSet<BuildId> builds = builds(group);
    if (!builds.isEmpty() && builds.last().compareTo(event.build()) > 0) {
      store.delete(group + event.build());
      return Optional.of(superseded(workload, builds.last(), key.get()));
    }
    for (BuildId older : builds.headSet(event.build())) {
      if (!store.exists(ObjectKeys.finished(older))) {
        LOG.info("superseded buildId={} by={}", older, event.build());
        events.publishAll(
            List.of(
                Event.first(
                    older,
                    PipelineStage.CHECKOUT_WORKER.wire(),
                    superseded(workload, event.build(), key.get()))));
      }
      store.delete(group + older); // only now: who published it half-way must find it again
    }
    return Optional.empty();
  }

  private TreeSet<BuildId> builds(String group) throws UnavailableException {
    TreeSet<BuildId> builds = new TreeSet<>();
    for (String key : store.list(group)) {
      try {
        BuildId build = BuildId.parse(key.substring(group.length()));
        if (!build.isAhead(clock.instant())) {
          builds.add(build);
        }
      } catch (IllegalArgumentException notOurs) {
        // A server that keeps objects in files may list one that is only being written.
        LOG.debug("passed over key={}", key);
      }
    }
    return builds;
  }

  private static BuildCancelRequested superseded(String workload, BuildId newer, String key) {
    return new BuildCancelRequested(
        workload,
        Optional.of(
            "build %s with the same concurrency key is newer: %s"
                .formatted(newer, PrintableText.of(key))));
  }
}
