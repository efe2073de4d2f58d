package io.tarkiln.kaniko.argo.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.json.Json;
import io.tarkiln.event.json.UnreadableException;
import io.tarkiln.kaniko.KanikoRun;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The event of a run as its Workflow carries it. */
record StoredEvent(
    String build,
    String time,
    String source,
    Optional<String> traceparent,
    Optional<String> rebuildOf,
    DockerfileRewritten data) {
  StoredEvent {
    NameSyntax.text("build", build);
    NameSyntax.text("time", time);
    traceparent = traceparent == null ? Optional.empty() : traceparent;
    rebuildOf = rebuildOf == null ? Optional.empty() : rebuildOf;
  }

  static String write(KanikoRun run) {
    Event<DockerfileRewritten> event = run.event();
    return new String(
        Json.bytes(
            new StoredEvent(
                event.build().toString(),
                event.time().toString(),
                event.source(),
                event.traceparent(),
                event.rebuildOf().map(BuildId::toString),
                event.data())),
        UTF_8);
  }

  static KanikoRun read(String json) throws UnreadableException {
    StoredEvent stored = Json.read(json.getBytes(UTF_8), StoredEvent.class);
    try {
      return new KanikoRun(
          new Event<>(
              BuildId.parse(stored.build()),
              Instant.parse(stored.time()),
              stored.source(),
              stored.traceparent(),
              stored.rebuildOf().map(BuildId::parse),
              stored.data()));
    } catch (IllegalArgumentException | DateTimeParseException edited) {
      throw new UnreadableException("the event of a run is damaged: " + edited.getMessage());
    }
  }
}
