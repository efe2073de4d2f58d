package io.tarkiln.event;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;
import java.time.Instant;
import java.util.Optional;

/**
 * One fact of one build.
 *
 * @param time when it became true
 * @param source who says so: a stage's name, or {@code cli}
 * @param traceparent W3C trace context, passed on unchanged from event to event
 * @param rebuildOf the build that this one repeats
 */
public record Event<T extends EventData>(
    BuildId build,
    Instant time,
    String source,
    Optional<String> traceparent,
    Optional<BuildId> rebuildOf,
    T data) {
  public Event {
    NameSyntax.present("build", build);
    NameSyntax.present("time", time);
    NameSyntax.text("source", source);
    NameSyntax.present("data", data);
  }

  /** The first event of a build. */
  public static <T extends EventData> Event<T> first(BuildId build, String source, T data) {
    return new Event<>(build, Instant.now(), source, Optional.empty(), Optional.empty(), data);
  }

  /** An event of the same build that this one leads to. */
  public <N extends EventData> Event<N> next(String stage, N next) {
    return new Event<>(build, Instant.now(), stage, traceparent, rebuildOf, next);
  }

  public EventType type() {
    return EventType.of(data.getClass());
  }

  /**
   * The same for the same fact, however often it is published: {@code <build>/<topic>[/<service>]}.
   */
  public String id() {
    return build + "/" + type().topic() + data.subject().map(subject -> "/" + subject).orElse("");
  }

  /** The service that the event is about, if of one. */
  public Optional<String> service() {
    return data instanceof ServiceEventData service
        ? Optional.of(service.service())
        : Optional.empty();
  }
}
