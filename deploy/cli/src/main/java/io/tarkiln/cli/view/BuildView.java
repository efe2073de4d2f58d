package io.tarkiln.cli.view;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildLog;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.EventType;
import io.tarkiln.event.ServiceEventData;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The state of a build as known from its events; each counts once, in whatever order they come. */
public final class BuildView {
  private final BuildId build;
  private final Map<String, ServiceView> services = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private Optional<Event<BuildRequested>> requested = Optional.empty();
  private Optional<Event<BuildFinished>> finished = Optional.empty();
  private Optional<String> commit = Optional.empty();

  public BuildView(BuildId build) {
    this.build = build;
  }

  /**
   * Adds what an event says.
   *
   * @return whether it is of this build and new
   */
  @SuppressWarnings("unchecked") // the class of the data is that of the event's type
  public boolean apply(Event<?> event) {
    if (!event.build().equals(build) || !seen.add(event.id())) {
      return false;
    }
    EventData data = event.data();
    if (data instanceof BuildRequested request) {
      requested = Optional.of((Event<BuildRequested>) event);
      request.serviceNames().forEach(this::service);
    } else if (data instanceof BuildFinished) {
      finished = Optional.of((Event<BuildFinished>) event);
    } else if (data instanceof ServiceEventData ofService) {
      ofService.buildPlan().map(BuildPlan::commit).ifPresent(known -> commit = Optional.of(known));
      service(ofService.service()).apply((Event<? extends ServiceEventData>) event);
    }
    return true;
  }

  private ServiceView service(String name) {
    return services.computeIfAbsent(name, ServiceView::new);
  }

  public BuildId build() {
    return build;
  }

  public Optional<BuildRequested> request() {
    return requested.map(Event::data);
  }

  /** The commit that the revision meant, once it is checked out. */
  public Optional<String> commit() {
    return commit;
  }

  public Optional<Event<BuildRequested>> requested() {
    return requested;
  }

  public Optional<Event<BuildFinished>> finished() {
    return finished;
  }

  /** Whether its end is known. */
  public boolean hasEnded() {
    return finished.isPresent();
  }

  public Optional<BuildFinished> outcome() {
    return finished.map(Event::data);
  }

  public Collection<ServiceView> services() {
    return services.values();
  }

  /** Whether anything is known. */
  boolean isKnown() {
    return !seen.isEmpty();
  }

  /** Whether nothing but the request is known. */
  boolean isOnlyRequested() {
    return requested.isPresent() && seen.size() == 1;
  }

  /** All events that a view is made of, log lines apart. */
  public static EventType[] typesWithoutLogs() {
    return java.util.Arrays.stream(EventType.values())
        .filter(type -> type.dataClass() != BuildLog.class)
        .toArray(EventType[]::new);
  }
}
