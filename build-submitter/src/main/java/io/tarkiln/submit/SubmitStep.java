package io.tarkiln.submit;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildSubmitted;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.SubmittedRun;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.Step;
import io.tarkiln.pipeline.StepResult;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a service to the engine, unless its image is there from an earlier build of the same. The
 * engine knows a run again that it has, and one whose tar is in S3, so this step may be repeated
 * freely.
 */
public record SubmitStep(KanikoEngine engine, BuildOutcomes outcomes, ImageReuse unchanged)
    implements Step<DockerfileRewritten> {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitStep.class);

  @Override
  public StepResult run(Event<DockerfileRewritten> event)
      throws RejectedException, UnavailableException {
    Optional<String> same = unchanged.image(event);
    if (same.isPresent()) {
      return StepResult.of(
          event.next(
              PipelineStage.BUILD_SUBMITTER.wire(),
              ImageBuilt.unchanged(event.data(), same.get())));
    }
    KanikoRun run = new KanikoRun(event);
    SubmittedRun accepted = engine.submit(run);
    LOG.info(
        "submitted buildId={} service={} engine={} workflow={}",
        run.build(),
        run.service(),
        engine.name(),
        accepted.workflow());
    // Who stops the runs of a build that has ended may have looked just before this one was there.
    if (outcomes.of(run.build()).isPresent()) {
      engine.cancel(run.build());
    }
    BuildSubmitted submitted =
        new BuildSubmitted(
            run.workload(),
            run.service(),
            engine.name(),
            accepted.workflow(),
            accepted.namespace());
    return new StepResult(
        List.of(event.next(PipelineStage.BUILD_SUBMITTER.wire(), submitted)), accepted.settled());
  }
}
