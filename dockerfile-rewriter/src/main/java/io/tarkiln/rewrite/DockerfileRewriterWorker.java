package io.tarkiln.rewrite;

import io.quarkus.runtime.Startup;
import io.tarkiln.claim.CheckedOutBuilds;
import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.messaging.RecordDispatcher;
import io.tarkiln.messaging.StageFactory;
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
  private static final String PLATFORM = "TARKILN_BUILD_PLATFORM";

  private final RecordDispatcher dispatcher;

  DockerfileRewriterWorker(StageFactory stages, Settings settings, ObjectStore store) {
    ProxyMap proxies = ProxyMap.parse(settings.get(Settings.PROXY_PROJECTS).orElse(""));
    dispatcher =
        stages.dispatcher(
            PipelineStage.DOCKERFILE_REWRITER.wire(),
            SourceCheckedOut.class,
            new SourceClaim(new CheckedOutBuilds(store)),
            new RewriteStep(store, proxies, platform(settings)));
  }

  /** The platform of the machines that the engine runs on. */
  private static Platform platform(Settings settings) {
    return settings.get(PLATFORM).map(Platform::parse).orElseGet(Platform::ofThisMachine);
  }

  @Incoming("source-checked-out-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onSourceCheckedOut(Message<byte[]> record) {
    return dispatcher.take(record);
  }
}
