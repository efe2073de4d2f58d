package io.tarkiln.claim;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.Event;
import io.tarkiln.event.ServiceEventData;
import io.tarkiln.event.json.Json;
import io.tarkiln.store.ObjectStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was checked out for builds, which events of their services are held against. A stage reads
 * it once for all services of a build, as a rule.
 */
public final class CheckedOutBuilds {
  /** Bytes of JSON that are remembered; a thousand builds of a few services. */
  private static final int MOST_BYTES = 4 << 20;

  private final ObjectStore store;

  /** The one that was used last comes last. */
  private final LinkedHashMap<BuildId, Remembered> known = new LinkedHashMap<>(16, 0.75f, true);

  private int bytes;

  private record Remembered(CheckoutRecord record, int bytes) {}

  public CheckedOutBuilds(ObjectStore store) {
    this.store = store;
  }

  /** What an event is held against beside workload, service and plan. */
  @FunctionalInterface
  public interface Rule {
    /** Why the event is not of this service, if it is not. */
    Optional<Objection> objection(CheckedOutService service) throws UnavailableException;
  }

  /** Why an event is not of the build and service that it names, if it is not. */
  public Optional<Objection> objection(Event<? extends ServiceEventData> event, Rule rule)
      throws UnavailableException {
    Optional<CheckoutRecord> remembered = remembered(event.build());
    if (remembered.isPresent() && objection(remembered.get(), event, rule).isEmpty()) {
      return Optional.empty();
    }
    Optional<CheckoutRecord> read = CheckoutRecord.read(store, event.build());
    if (read.isEmpty()) {
      return Optional.of(
          new Objection(
              Objection.Code.UNKNOWN_BUILD,
              "nothing was checked out for build %s: it was never asked for, or its record has expired; ask for a build on build-requested"
                  .formatted(event.build())));
    }
    remember(event.build(), read.get());
    return objection(read.get(), event, rule);
  }

  private static Optional<Objection> objection(
      CheckoutRecord record, Event<? extends ServiceEventData> event, Rule rule)
      throws UnavailableException {
    Optional<CheckedOutService> service = CheckedOutService.of(record, event);
    if (service.isEmpty()) {
      return Optional.of(
          Objection.notAsRequested(
              "the service",
              event.build(),
              "one of " + record.request().serviceNames(),
              event.data().service()));
    }
    Optional<Objection> contradiction =
        service.get().contradiction(event.data().workload(), event.data().buildPlan());
    return contradiction.isPresent() ? contradiction : rule.objection(service.get());
  }

  private Optional<CheckoutRecord> remembered(BuildId build) {
    synchronized (known) {
      return Optional.ofNullable(known.get(build)).map(Remembered::record);
    }
  }

  private void remember(BuildId build, CheckoutRecord record) {
    Remembered one = new Remembered(record, Json.bytes(record).length);
    synchronized (known) {
      bytes += one.bytes();
      forget(known.put(build, one));
      Iterator<Remembered> eldest = known.values().iterator();
      while (bytes > MOST_BYTES && eldest.hasNext()) {
        forget(eldest.next());
        eldest.remove();
      }
    }
  }

  private void forget(@Nullable Remembered one) {
    bytes -= one == null ? 0 : one.bytes();
  }
}
