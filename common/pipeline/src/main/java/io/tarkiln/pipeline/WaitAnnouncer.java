package io.tarkiln.pipeline;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those who watch a build know what a stage waits for: once each time that it holds a record,
 * since it tries again often.
 */
final class WaitAnnouncer {
  private static final Logger LOG = LoggerFactory.getLogger(WaitAnnouncer.class);

  private final String stage;
  private final EventPublisher events;
  private final Event<?> event;
  private final AtomicBoolean announced = new AtomicBoolean();

  WaitAnnouncer(String stage, EventPublisher events, Event<?> event) {
    this.stage = stage;
    this.events = events;
    this.event = event;
  }

  /** Waits for nothing; that it could not be announced is no fault of the build. */
  void announce(UnavailableException failure) {
    LOG.warn(
        "unavailable, will try again stage={} buildId={} service={} message={}",
        stage,
        event.build(),
        event.service().orElse("-"),
        failure.getMessage());
    if (!announced.compareAndSet(false, true)) {
      return;
    }
    try {
      String line = "%s waits and tries again: %s".formatted(stage, failure.getMessage());
      events.say(event, stage, service(), line);
    } catch (IllegalArgumentException badName) {
      LOG.debug(
          "waiting not announced buildId={}", event.build(), badName); // will be refused anyway
    }
  }

  /** Before services go their own ways, the first stands for all. */
  private String service() {
    Optional<String> own = event.service();
    return own.isEmpty() && event.data() instanceof BuildRequested request
        ? request.serviceNames().get(0)
        : own.orElse("");
  }
}
