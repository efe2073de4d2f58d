package io.tarkiln.kaniko;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Hears what becomes of runs, from any thread. */
public interface RunObserver {
  /**
   * Lines of Kaniko's output, in their order. Must not block.
   *
   * @param firstLine number of the first of them, from 1; a run that is begun anew begins at 1
   *     again
   */
  void log(KanikoRun run, long firstLine, List<String> lines);

  /**
   * A run has ended; may be heard of more than once for the same run.
   *
   * @return completes when the end is handled, that is, durable
   */
  CompletionStage<Void> ended(KanikoRun run, RunEnd end);
}
