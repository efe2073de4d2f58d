package io.tarkiln.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.Step;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.policy.Policies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image whose request nobody checked is held against the policy here. */
class PushPolicyCheckTest {
  @TempDir Path folder;

  @Test
  void pushes_what_the_policy_allows_and_nothing_else() throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            rules:
              - workloads: shop
                repositories: git.example.com/acme/*
                images: harbor.example.com/shop/api
            """);
    PushPolicyCheck push =
        new PushPolicyCheck(
            new Policies(Optional.of(policy), Optional.of("harbor.example.com")),
            event -> StepResult.of());

    assertThat(push.run(event("shop", "api", "https://git.example.com/acme/shop")).events())
        .isEmpty();
    for (Event<ImageBuilt> forged :
        List.of(
            event("shop", "web", "https://git.example.com/acme/shop"),
            event("shop", "api", "https://git.example.com/evil/shop"),
            event("pay", "api", "https://git.example.com/acme/shop"))) {
      assertThat(catchThrowableOfType(RejectedException.class, () -> push.run(forged)).reason())
          .isEqualTo(Reason.NOT_ALLOWED);
    }
  }

  @Test
  void refuses_a_reserved_tag_for_what_is_not_of_a_protected_revision() throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            rules:
              - workloads: shop
                repositories: git.example.com/acme/*
                images: harbor.example.com/shop/api
                protected: refs/heads/main
                reserved: "*"
            """);
    PushPolicyCheck push =
        new PushPolicyCheck(
            new Policies(Optional.of(policy), Optional.of("harbor.example.com")),
            event -> StepResult.of());
    Event<ImageBuilt> ofBranch = event("shop", "api", "https://git.example.com/acme/shop");

    assertThat(catchThrowableOfType(RejectedException.class, () -> push.run(ofBranch)))
        .hasMessageContaining("reserved for builds of refs/heads/main");
  }

  @Test
  void leaves_it_to_the_push_to_carry_a_decided_release_on() throws Exception {
    List<BuildFinished> resumed = new ArrayList<>();
    Step<ImageBuilt> step =
        new Step<>() {
          @Override
          public StepResult run(Event<ImageBuilt> event) {
            return StepResult.of();
          }

          @Override
          public StepResult resume(
              Event<ImageBuilt> event, BuildFinished outcome, BuildOutcomes outcomes) {
            resumed.add(outcome);
            return StepResult.of();
          }
        };
    BuildFinished success =
        BuildFinished.succeeded("shop", "1", PipelineStage.ARTIFACT_PUSHER.wire(), List.of());

    new PushPolicyCheck(Policies.NONE, step)
        .resume(
            event("shop", "api", "https://git.example.com/acme/shop"),
            success,
            new BuildOutcomes(null, null));

    assertThat(resumed).containsExactly(success);
  }

  private static Event<ImageBuilt> event(String workload, String service, String repository) {
    BuildPlan plan =
        new BuildPlan(
            "1", List.of(), List.of("api"), repository, "main", "0".repeat(40), true, true);
    return Event.first(BuildId.next(), "test", ImageBuilt.retag(workload, service, plan, "0"));
  }
}
