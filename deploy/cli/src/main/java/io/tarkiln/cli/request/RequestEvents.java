package io.tarkiln.cli.request;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.view.BuildView;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Makes the events that the command line publishes: requests of builds and of their end. */
public final class RequestEvents {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestEvents() {}

  /** The request of a new build. */
  public static Event<BuildRequested> event(BuildRequested request) {
    return event(BuildId.next(), Optional.empty(), request);
  }

  /**
   * The request of a past build as a new one. It names the build that the first of a chain of
   * replays was, and goes on beside others: as the newest it would end the build of what is really
   * new, and of many replays all but one.
   *
   * @param latest whether to build what the revision means now instead of the commit that it meant,
   *     which is known once the build was checked out
   */
  public static Event<BuildRequested> rebuild(BuildView past, boolean latest) {
    BuildRequested request = past.request().orElseThrow();
    String revision = request.source().revision();
    return event(
        BuildId.next(),
        Optional.of(past.requested().flatMap(Event::rebuildOf).orElse(past.build())),
        request.at(latest ? revision : past.commit().orElse(revision)).alone());
  }

  /** The request to stop a build. */
  public static Event<BuildCancelRequested> cancel(BuildId build, BuildCancelRequested request) {
    return event(build, Optional.empty(), request);
  }

  /** Begins a trace of its own unless CI has begun one. */
  private static <T extends EventData> Event<T> event(
      BuildId build, Optional<BuildId> rebuildOf, T data) {
    String trace =
        Optional.ofNullable(System.getenv("TRACEPARENT"))
            .filter(parent -> parent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"))
            .orElseGet(() -> "00-" + hex(16) + "-" + hex(8) + "-01");
    return new Event<>(build, Instant.now(), "cli", Optional.of(trace), rebuildOf, data);
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
