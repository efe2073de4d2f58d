package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Makes the first event of a build. */
final class Requests {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Requests() {}

  /** The request of a new build, which begins a trace of its own unless CI has begun one. */
  static Event<BuildRequested> event(BuildRequested request) {
    String trace =
        Optional.ofNullable(System.getenv("TRACEPARENT"))
            .filter(parent -> parent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"))
            .orElseGet(() -> "00-" + hex(16) + "-" + hex(8) + "-01");
    return new Event<>(
        BuildId.next(), Instant.now(), "cli", Optional.of(trace), Optional.empty(), request);
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
