package io.tarkiln.kaniko.local;

import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what an engine says of its runs. */
public final class RunRecorder implements RunObserver {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final BlockingQueue<RunEnd> ends = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final List<String> lines = new ArrayList<>();
  private long expectedLine = 1;

  @Override
  public synchronized void log(KanikoRun run, long firstLine, List<String> batch) {
    if (firstLine != expectedLine) {
      throw new IllegalStateException("line %d is not %d".formatted(firstLine, expectedLine));
    }
    expectedLine += batch.size();
    lines.addAll(batch);
    unread.addAll(batch);
  }

  @Override
  public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
    ends.add(end);
    return CompletableFuture.completedFuture(null);
  }

  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  boolean heardNoEnd() {
    return ends.isEmpty();
  }

  /** The next end, when it comes. */
  public RunEnd end() throws InterruptedException {
    RunEnd end = ends.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("no end came; the log so far: " + lines());
    }
    return end;
  }

  /** Waits until a run has logged this line. */
  public void awaitLine(String wanted) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      if (wanted.equals(unread.poll(1, TimeUnit.SECONDS))) {
        return;
      }
    }
    throw new AssertionError("'%s' was not logged but %s".formatted(wanted, lines()));
  }
}
