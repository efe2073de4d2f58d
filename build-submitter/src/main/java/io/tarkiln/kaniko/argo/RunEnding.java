package io.tarkiln.kaniko.argo;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a run that has ended to its end: the whole log to S3, the end told, the Workflow released.
 * May be begun again after any failure; what was told is not told again by this process.
 */
record RunEnding(Workplace place, Set<String> told) {
  private static final Logger LOG = LoggerFactory.getLogger(RunEnding.class);

  RunEnding(Workplace place) {
    this(place, ConcurrentHashMap.newKeySet());
  }

  /** Tells the end of a run, by the log that was followed. */
  void tell(Workflow workflow, KanikoRun run, RunFollower log, boolean followed)
      throws UnavailableException, ExecutionException, InterruptedException {
    if (!told.contains(workflow.name())) {
      log.complete(workflow.attempts(), followed);
      RunEnd end =
          new WorkflowVerdict(workflow, run, place.store().size(run.imageTarKey()), log.tail())
              .end();
      WorkflowVerdict.comment(end).ifPresent(log::note);
      log.store(run.logKey());
      LOG.info(
          "run ended buildId={} service={} workflow={} end={}",
          run.build(),
          run.service(),
          workflow.name(),
          end.getClass().getSimpleName());
      place.observer().ended(run, end).toCompletableFuture().get();
      told.add(workflow.name());
    }
    release(workflow.name());
  }

  /** Lets go of the Workflow, if it is there. */
  void release(String name) throws UnavailableException {
    Optional<Workflow> now = place.workflows().get(name);
    if (now.isPresent() && !now.get().isTold() && !place.workflows().release(now.get())) {
      throw new UnavailableException("Workflow " + name + " changes at this moment");
    }
  }
}
