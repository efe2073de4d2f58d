package io.tarkiln.kaniko.argo;

import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Keeps what engines publish, by the run's name. */
class RunEndRecorder implements RunObserver {
  private static final long PATIENCE_SECONDS = 120;

  private final Map<String, List<RunEnd>> ends = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<RunEnd>> first = new ConcurrentHashMap<>();
  private final Map<String, List<String>> lines = new ConcurrentHashMap<>();

  @Override
  public void log(KanikoRun run, long firstLine, List<String> batch) {
    List<String> known = lines.computeIfAbsent(run.name(), missing -> new ArrayList<>());
    synchronized (known) {
      // A process that takes over publishes a log from its beginning again.
      while (known.size() > firstLine - 1) {
        known.remove(known.size() - 1);
      }
      known.addAll(batch);
    }
  }

  @Override
  public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
    ends.computeIfAbsent(run.name(), missing -> new CopyOnWriteArrayList<>()).add(end);
    first(run.name()).complete(end);
    return CompletableFuture.completedFuture(null);
  }

  /** The end of a run, when it comes. */
  RunEnd end(KanikoRun run) throws Exception {
    return first(run.name()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** All ends that were published of a run. */
  List<RunEnd> ends(KanikoRun run) {
    return List.copyOf(ends.getOrDefault(run.name(), List.of()));
  }

  List<String> lines(KanikoRun run) {
    List<String> known = lines.getOrDefault(run.name(), List.of());
    synchronized (known) {
      return List.copyOf(known);
    }
  }

  private CompletableFuture<RunEnd> first(String name) {
    return first.computeIfAbsent(name, missing -> new CompletableFuture<>());
  }
}
