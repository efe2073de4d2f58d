package io.tarkiln.push;

import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.pipeline.EventPublisher;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how far a long push is, so that it does not look as if it hung: in the log and, for
 * watchers, in the build's log on Kafka. A push that is done sooner than {@code between} says
 * nothing.
 */
final class ProgressReporter implements PushProgress {
  static final Duration BETWEEN = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(ProgressReporter.class);

  private final Event<ImageBuilt> event;
  private final EventPublisher events;
  private final Duration between;
  private long sent;
  private long toSend;
  private long said = System.nanoTime();

  /**
   * Of one push.
   *
   * @param between least time from one report to the next
   */
  ProgressReporter(Event<ImageBuilt> event, EventPublisher events, Duration between) {
    this.event = event;
    this.events = events;
    this.between = between;
  }

  @Override
  public synchronized void sending(long size) {
    toSend += size;
  }

  @Override
  public synchronized void sent(long bytes) {
    sent += bytes;
    if (System.nanoTime() - said >= between.toNanos()) {
      said = System.nanoTime();
      log();
      report();
    }
  }

  private void log() {
    LOG.info(
        "pushing buildId={} service={} bytesSent={} bytesToSend={}",
        event.build(),
        event.data().service(),
        sent,
        toSend);
  }

  private void report() {
    String line =
        String.format(
            Locale.ROOT, "pushing: %.1f MB sent of %.1f MB so far", sent / 1e6, toSend / 1e6);
    events.say(event, PipelineStage.ARTIFACT_PUSHER.wire(), event.data().service(), line);
  }
}
