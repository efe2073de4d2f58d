package io.tarkiln.kaniko.argo;

import io.tarkiln.thread.DaemonThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads while the lease is ours, and gives the lease up when it cannot. One thread renews the
 * lease; another one looks whether it is still held, since a renewal may wait longer than that for
 * its answer.
 */
final class LeaderElector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElector.class);

  /** For how many times the lease's duration another one may take what was given up. */
  private static final int ASIDE = 2;

  /** What the leader does, until closed. */
  interface Leadership extends AutoCloseable {
    /** Whether it does what it should. */
    boolean isAble();

    @Override
    void close();
  }

  private final ControllerLease lease;
  private final Duration duration;
  private final Supplier<Leadership> leaders;
  private final ScheduledExecutorService renewals =
      Executors.newScheduledThreadPool(1, DaemonThreads.named("argo-lease"));
  private final ScheduledExecutorService guard =
      Executors.newScheduledThreadPool(1, DaemonThreads.named("argo-leader"));
  private Optional<Leadership> leading = Optional.empty();
  private volatile long asideUntil = System.nanoTime();

  /**
   * An elector that does nothing yet.
   *
   * @param leaders begins to lead
   */
  LeaderElector(ControllerLease lease, Duration duration, Supplier<Leadership> leaders) {
    this.lease = lease;
    this.duration = duration;
    this.leaders = leaders;
  }

  void start() {
    long beat = Math.max(1, duration.toMillis() / 3);
    renewals.scheduleWithFixedDelay(this::renew, 0, beat, TimeUnit.MILLISECONDS);
    guard.scheduleWithFixedDelay(this::check, beat, beat, TimeUnit.MILLISECONDS);
  }

  private void renew() {
    if (System.nanoTime() - asideUntil < 0) {
      return;
    }
    lease.renew();
    check();
  }

  private void check() {
    try {
      if (!lease.isHeld()) {
        resign();
      } else if (!lead()) {
        LOG.error("cannot look after the Workflows, and leaves it to another process");
        giveUp();
      }
    } catch (RuntimeException defect) {
      LOG.error("defect in leading, which is left to another process", defect);
      giveUp();
    }
  }

  private void giveUp() {
    asideUntil = System.nanoTime() + duration.multipliedBy(ASIDE).toNanos();
    try {
      resign();
    } finally {
      lease.release();
    }
  }

  /** Leads, if that is not done already; returns whether it can. */
  private synchronized boolean lead() {
    if (leading.isEmpty() && !guard.isShutdown()) {
      LOG.info("looks after the Workflows");
      leading = Optional.of(leaders.get());
    }
    return leading.filter(leader -> !leader.isAble()).isEmpty();
  }

  private synchronized void resign() {
    Optional<Leadership> ended = leading;
    leading = Optional.empty();
    ended.ifPresent(Leadership::close);
  }

  /** Ends like a process that is killed: the lease has to expire. */
  void stop() {
    renewals.shutdownNow();
    guard.shutdownNow();
    try {
      renewals.awaitTermination(duration.toMillis(), TimeUnit.MILLISECONDS);
      guard.awaitTermination(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    resign();
  }

  /** Leads no more, and gives the lease up. */
  @Override
  public void close() {
    stop();
    lease.release();
  }
}
