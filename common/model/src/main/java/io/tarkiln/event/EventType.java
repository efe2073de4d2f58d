package io.tarkiln.event;

import java.util.Arrays;
import java.util.Optional;

/** The event types. Each has a topic of its own and a JSON Schema beside this code. */
public enum EventType {
  BUILD_REQUESTED("build-requested", BuildRequested.class),
  SOURCE_CHECKED_OUT("source-checked-out", SourceCheckedOut.class),
  DOCKERFILE_REWRITTEN("dockerfile-rewritten", DockerfileRewritten.class),
  BUILD_SUBMITTED("build-submitted", BuildSubmitted.class),
  BUILD_LOG("build-log", BuildLog.class),
  IMAGE_BUILT("image-built", ImageBuilt.class),
  IMAGE_PUSHED("image-pushed", ImagePushed.class),
  BUILD_CANCEL_REQUESTED("build-cancel-requested", BuildCancelRequested.class),
  BUILD_FINISHED("build-finished", BuildFinished.class);

  private final String topic;
  private final Class<? extends EventData> dataClass;

  EventType(String topic, Class<? extends EventData> dataClass) {
    this.topic = topic;
    this.dataClass = dataClass;
  }

  /** The type of events with such data. */
  public static EventType of(Class<? extends EventData> dataClass) {
    return Arrays.stream(values())
        .filter(type -> type.dataClass == dataClass)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no event type for " + dataClass));
  }

  /** The type that a {@code ce_type} names, if it is one of ours in a version we read. */
  public static Optional<EventType> ofCloudEventsType(String type) {
    return Arrays.stream(values()).filter(t -> t.cloudEventsType().equals(type)).findFirst();
  }

  /** The topic's name without prefix; also the middle part of event ids. */
  public String topic() {
    return topic;
  }

  /** The value of {@code ce_type}. */
  public String cloudEventsType() {
    return "io.tarkiln." + topic.replace('-', '.') + ".v1";
  }

  /** The record that the JSON data is read into. */
  public Class<? extends EventData> dataClass() {
    return dataClass;
  }
}
