package io.tarkiln.checkout;

import io.quarkus.runtime.Startup;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.messaging.RecordDispatcher;
import io.tarkiln.messaging.StageFactory;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.policy.Policies;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Listens for requests and checks their sources out. */
@Startup // settings that make no sense end the process at once, not at the first record
@ApplicationScoped
public class CheckoutWorker {
  private final CheckoutStep checkout;
  private final RecordDispatcher dispatcher;

  CheckoutWorker(StageFactory stages, Settings settings, ObjectStore store, EventPublisher events)
      throws UnavailableException {
    Policies policies = Policies.of(settings);
    policies.count();
    checkout =
        new CheckoutStep(
            GitSettings.of(settings), store, policies, new ConcurrencyGroup(store, events));
    dispatcher =
        stages.dispatcher(
            PipelineStage.CHECKOUT_WORKER.wire(),
            BuildRequested.class,
            new RequestClaim(store, InstantSource.system()),
            checkout);
  }

  @Incoming("build-requested-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onBuildRequested(Message<byte[]> record) {
    return dispatcher.take(record);
  }

  @PreDestroy
  void close() {
    checkout.close();
  }
}
