package io.tarkiln.push;

import io.quarkus.runtime.Startup;
import io.tarkiln.claim.CheckedOutBuilds;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.messaging.RecordDispatcher;
import io.tarkiln.messaging.StageFactory;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.policy.Policies;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Listens for images that are built and pushes them. */
@Startup // settings that make no sense end the process at once, not at the first record
@ApplicationScoped
public class ArtifactPusher {
  private final ImagePusher pusher;
  private final RecordDispatcher dispatcher;

  ArtifactPusher(
      StageFactory stages,
      Settings settings,
      ObjectStore store,
      EventPublisher events,
      BuildOutcomes outcomes) {
    ImageRepositories names = ImageRepositories.of(settings);
    pusher = new ImagePusher(RegistrySettings.of(settings), format(settings));
    BuildRelease release = new BuildRelease(store, pusher, names, events, outcomes);
    dispatcher =
        stages.dispatcher(
            PipelineStage.ARTIFACT_PUSHER.wire(),
            ImageBuilt.class,
            new ImageClaim(store, new CheckedOutBuilds(store)),
            new PushPolicyCheck(
                Policies.of(settings).writingTo(names.registry()),
                new PushStep(store, pusher, names, release, events)));
  }

  private static Manifest.Format format(Settings settings) {
    return settings
        .get(Settings.MANIFEST_FORMAT)
        .map(Manifest.Format::named)
        .orElse(Manifest.Format.DOCKER);
  }

  @Incoming("image-built-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onImageBuilt(Message<byte[]> record) {
    return dispatcher.take(record);
  }

  @PreDestroy
  void close() {
    pusher.close();
  }
}
