package io.tarkiln.push;

import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how far a long push is, so that it does not look as if it hung. */
final class LoggedProgress implements Progress {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedProgress.class);
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  private final Event<ImageBuilt> event;
  private long sent;
  private long toSend;
  private long said = System.nanoTime();

  LoggedProgress(Event<ImageBuilt> event) {
    this.event = event;
  }

  @Override
  public synchronized void sending(long size) {
    toSend += size;
  }

  @Override
  public synchronized void sent(long bytes) {
    sent += bytes;
    if (System.nanoTime() - said > BETWEEN.toNanos()) {
      said = System.nanoTime();
      LOG.info(
          "pushing buildId={} service={} bytesSent={} bytesToSend={}",
          event.build(),
          event.data().service(),
          sent,
          toSend);
    }
  }
}
