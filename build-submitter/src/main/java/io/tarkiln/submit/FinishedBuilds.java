package io.tarkiln.submit;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.Retry;

/**
 * Stops the runs of builds that have an outcome: a build that has ended needs no more images. That
 * somebody says so is no outcome.
 */
record FinishedBuilds(KanikoEngine engine, BuildOutcomes outcomes, Retry retry) {
  /** Looks whether the build has ended, until that is known, and stops its runs then. */
  void look(BuildId build) {
    retry.untilDone(
        PipelineStage.BUILD_SUBMITTER.wire(),
        () -> {
          if (outcomes.of(build).isPresent()) {
            engine.cancel(build);
          }
        });
  }
}
