package io.tarkiln.rewrite;

import io.quarkus.runtime.Startup;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.messaging.Intake;
import io.tarkiln.messaging.Stages;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Listens for checked out sources and rewrites their Dockerfiles. */
@Startup // settings that make no sense end the process at once, not at the first record
@ApplicationScoped
public class DockerfileRewriterWorker {
  private final Intake intake;

  DockerfileRewriterWorker(Stages stages, Settings settings, ObjectStore store) {
    ProxyMap proxies = ProxyMap.parse(settings.get(Settings.PROXY_PROJECTS).orElse(""));
    intake =
        stages.intake(RewriteStep.STAGE, SourceCheckedOut.class, new RewriteStep(store, proxies));
  }

  @Incoming("source-checked-out-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onSourceCheckedOut(Message<byte[]> record) {
    return intake.take(record);
  }
}
