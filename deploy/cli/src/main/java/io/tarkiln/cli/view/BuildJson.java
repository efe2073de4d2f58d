package io.tarkiln.cli.view;

import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds and events as JSON objects, with names as in the events. */
public final class BuildJson {
  private BuildJson() {}

  /** Everything that is known of a build. */
  public static Map<String, Object> of(BuildView view) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("build", view.build());
    json.put("started", view.build().start().toString());
    json.put("rebuildOf", view.requested().flatMap(Event::rebuildOf));
    json.put("request", view.request());
    json.put("commit", view.commit());
    json.put("services", view.services().stream().map(BuildJson::service).toList());
    json.put("finished", view.finished().map(event -> event.time().toString()));
    json.put("outcome", view.outcome());
    return withoutAbsent(json);
  }

  /** The build as a whole, without its services. */
  public static Map<String, Object> summary(BuildView view) {
    Map<String, Object> json = of(view);
    json.remove("services");
    return json;
  }

  private static Map<String, Object> service(ServiceView service) {
    Map<String, String> reached = new LinkedHashMap<>();
    service.reached().forEach((type, time) -> reached.put(type.topic(), time.toString()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("service", service.name());
    json.put("stage", service.stage());
    json.put("reached", reached);
    json.put("baseImages", service.rewritten().map(DockerfileRewritten::baseImages));
    json.put("warnings", service.rewritten().map(DockerfileRewritten::warnings).orElse(List.of()));
    json.put("unchanged", service.built().flatMap(built -> built.unchanged()));
    json.put("pushed", service.pushed());
    return json;
  }

  /** An event: CloudEvents' attributes, and the data as in its record. */
  static Map<String, Object> of(Event<?> event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", event.id());
    json.put("type", event.type().cloudEventsType());
    json.put("source", event.source());
    json.put("time", event.time().toString());
    json.put("build", event.build());
    json.put("rebuildOf", event.rebuildOf());
    json.put("service", event.service());
    json.put("data", event.data());
    return withoutAbsent(json);
  }

  private static Map<String, Object> withoutAbsent(Map<String, Object> json) {
    json.values().removeIf(Optional.empty()::equals);
    return json;
  }
}
