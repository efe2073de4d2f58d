package io.tarkiln.event;

import java.util.List;
import java.util.stream.Stream;

/**
 * Full topic names.
 *
 * @param prefix goes before every name, {@code tarkiln.} unless configured
 */
public record Topics(String prefix) {
  /** The name of the dead letter topic, without prefix. */
  public static final String DEAD_LETTER = "dead-letter";

  public String of(EventType type) {
    return prefix + type.topic();
  }

  /** Where records go that no service can read. */
  public String deadLetter() {
    return prefix + DEAD_LETTER;
  }

  /** All of them, in the order of a build, the dead letters last. */
  public List<String> all() {
    return Stream.concat(Stream.of(EventType.values()).map(this::of), Stream.of(deadLetter()))
        .toList();
  }
}
