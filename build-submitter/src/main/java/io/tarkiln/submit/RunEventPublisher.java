package io.tarkiln.submit;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildLog;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.pipeline.Retry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes on Kafka what becomes of the runs of an engine. */
public record RunEventPublisher(EventPublisher events, BuildOutcomes outcomes, Retry retry)
    implements RunObserver {
  private static final Logger LOG = LoggerFactory.getLogger(RunEventPublisher.class);

  /** Publishes the lines without waiting; the whole log is in S3 whatever becomes of them. */
  @Override
  public void log(KanikoRun run, long firstLine, List<String> lines) {
    events
        .publish(
            run.event()
                .next(
                    PipelineStage.BUILD_SUBMITTER.wire(),
                    new BuildLog(run.workload(), run.service(), firstLine, lines)))
        .whenComplete(
            (sent, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "log lines not published buildId={} service={} firstLine={} message={}",
                    run.build(),
                    run.service(),
                    firstLine,
                    failure.getMessage());
              }
            });
  }

  /** Fails with {@link UnavailableException} where the run should be submitted again. */
  @Override
  public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
    if (end instanceof RunEnd.Built built) {
      return built(run, built.tarBytes());
    } else if (end instanceof RunEnd.Failed failed) {
      return failed(run, failed);
    } else if (end instanceof RunEnd.Unavailable unavailable) {
      return CompletableFuture.failedStage(new UnavailableException(unavailable.message()));
    }
    return CompletableFuture.completedStage(null);
  }

  private CompletionStage<Void> built(KanikoRun run, long tarBytes) {
    LOG.info("built buildId={} service={} bytes={}", run.build(), run.service(), tarBytes);
    ImageBuilt image = ImageBuilt.tar(run.event().data(), run.imageTarKey(), tarBytes);
    return retry.untilDone(
        run.workload(),
        () ->
            events.publishAll(
                List.of(run.event().next(PipelineStage.BUILD_SUBMITTER.wire(), image))));
  }

  private CompletionStage<Void> failed(KanikoRun run, RunEnd.Failed failed) {
    BuildFinished outcome =
        BuildFinished.failed(
            run.workload(),
            run.event().data().plan().tag(),
            PipelineStage.BUILD_SUBMITTER.wire(),
            Optional.of(run.service()),
            failed.reason(),
            failed.message(),
            failed.lastLines());
    return retry.untilDone(run.workload(), () -> outcomes.end(run.event(), outcome));
  }
}
