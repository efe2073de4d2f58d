package io.tarkiln.checkout;

import io.quarkus.runtime.Startup;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.messaging.Intake;
import io.tarkiln.messaging.Stages;
import io.tarkiln.policy.Policies;
import io.tarkiln.settings.Settings;
import io.tarkiln.stage.Events;
import io.tarkiln.store.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Listens for requests and checks their sources out. */
@Startup // settings that make no sense end the process at once, not at the first record
@ApplicationScoped
public class CheckoutWorker {
  private final SourceCheckout checkout;
  private final Intake intake;

  CheckoutWorker(Stages stages, Settings settings, ObjectStore store, Events events)
      throws UnavailableException {
    Policies policies = Policies.of(settings);
    policies.count();
    checkout =
        new SourceCheckout(GitSettings.of(settings), store, policies, new NewerWins(store, events));
    intake = stages.intake(SourceCheckout.STAGE, BuildRequested.class, checkout);
  }

  @Incoming("build-requested-in")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  CompletionStage<Void> onBuildRequested(Message<byte[]> record) {
    return intake.take(record);
  }

  @PreDestroy
  void close() {
    checkout.close();
  }
}
