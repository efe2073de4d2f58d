package io.tarkiln.kaniko.argo.reconcile;

import io.tarkiln.retry.ExponentialBackoff;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The keys of objects to look at, each once however often it is added, and each with one worker at
 * a time: what is added while a worker has it waits until that one is done, as in client-go's
 * {@code workqueue}.
 */
public final class WorkQueue {
  /**
   * A key that waits.
   *
   * @param due when it may be taken, in nanoseconds of the queue's clock
   * @param number keeps those of one moment in their order
   */
  private record Entry(long due, long number, String key) {}

  private final ExponentialBackoff backoff;
  private final LongSupplier nanos;
  private final Map<String, Entry> waiting = new HashMap<>();
  private final TreeSet<Entry> free =
      new TreeSet<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::number));
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private long added;

  public WorkQueue(ExponentialBackoff backoff) {
    this(backoff, sinceNow());
  }

  WorkQueue(ExponentialBackoff backoff, LongSupplier nanos) {
    this.backoff = backoff;
    this.nanos = nanos;
  }

  /** A clock that begins at 0 and is not set by anybody. */
  private static LongSupplier sinceNow() {
    long start = System.nanoTime();
    return () -> System.nanoTime() - start;
  }

  /** Has a key looked at as soon as a worker is free. */
  public void add(String key) {
    addAfter(key, Duration.ZERO);
  }

  /** Has a key looked at after a while, unless that is to be sooner already. */
  public synchronized void addAfter(String key, Duration wait) {
    Entry entry = new Entry(nanos.getAsLong() + wait.toNanos(), added++, key);
    Entry known = waiting.get(key);
    if (known != null && known.due() <= entry.due()) {
      return;
    }
    waiting.put(key, entry);
    if (known != null) {
      free.remove(known);
    }
    if (!taken.contains(key)) {
      free.add(entry);
      notifyAll();
    }
  }

  /** Has a key that failed looked at again, later each time; returns after how long. */
  synchronized Duration retry(String key) {
    Duration wait = backoff.delay(failures.merge(key, 1, Integer::sum));
    addAfter(key, wait);
    return wait;
  }

  /** The key did not fail: its next failure is the first. */
  synchronized void forget(String key) {
    failures.remove(key);
  }

  /** Waits for a key whose time has come. Give it back with {@link #done}. */
  synchronized String take() throws InterruptedException {
    Optional<String> key = poll();
    while (key.isEmpty()) {
      if (free.isEmpty()) {
        wait();
      } else {
        long left = Math.max(0, free.first().due() - nanos.getAsLong());
        wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
      }
      key = poll();
    }
    return key.get();
  }

  /** A key whose time has come, if there is one. */
  synchronized Optional<String> poll() {
    if (free.isEmpty() || free.first().due() > nanos.getAsLong()) {
      return Optional.empty();
    }
    String key = free.pollFirst().key();
    waiting.remove(key);
    taken.add(key);
    return Optional.of(key);
  }

  /** The worker has let go of the key. */
  synchronized void done(String key) {
    taken.remove(key);
    Entry next = waiting.get(key);
    if (next != null) {
      free.add(next);
      notifyAll();
    }
  }

  /** For how long a key has waited whose time has come: how far behind the workers are. */
  public synchronized Duration lag() {
    return free.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, nanos.getAsLong() - free.first().due()));
  }
}
