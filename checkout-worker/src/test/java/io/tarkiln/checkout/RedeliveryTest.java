package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.BuildCancelRequested;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that come again when the build is ahead, to a worker that has only just come. */
@Tag("server")
class RedeliveryTest {
  private static final ObjectStore store = TestS3.newStore();

  @TempDir Path folder;
  private GitRepository repository;

  @BeforeEach
  void make() throws Exception {
    repository =
        GitRepository.in(folder.resolve("shop"))
            .file("Dockerfile", "FROM alpine\n# " + folder + "\n")
            .file("web/Dockerfile", "FROM busybox\n# " + folder + "\n")
            .committed();
  }

  @Test
  void tells_the_same_without_the_repository() throws Exception {
    Event<BuildRequested> event = ofAllKinds();
    List<EventData> before = checkedOut(event, Policies.NONE);
    takeRepositoryAway();

    assertThat(checkedOut(event, Policies.NONE)).isEqualTo(before);
    assertThat(before)
        .hasExactlyElementsOfTypes(
            SourceCheckedOut.class, SourceCheckedOut.class, ImageBuilt.class);
    assertThat(((SourceCheckedOut) before.get(1)).input())
        .satisfies(input -> assertThat(input.auto()).isTrue())
        .satisfies(input -> assertThat(input.target()).hasValue("runtime"))
        .satisfies(input -> assertThat(input.buildArgs()).containsOnlyKeys("A", "B", "C"));
  }

  @Test
  void tells_the_same_when_the_policy_has_changed() throws Exception {
    Event<BuildRequested> event = ofAllKinds();
    List<EventData> before = checkedOut(event, Policies.NONE);

    assertThat(checkedOut(event, forbidding())).isEqualTo(before);
  }

  @Test
  void fails_without_the_repository_when_a_source_is_gone() throws Exception {
    Event<BuildRequested> event = ofAllKinds();
    String source =
        ((SourceCheckedOut) checkedOut(event, Policies.NONE).get(1)).input().sourceKey();
    takeRepositoryAway();
    store.delete(source);

    assertThat(rejected(event, Policies.NONE).reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
    assertThat(rejected(event, forbidding()).reason()).isEqualTo(Reason.NOT_ALLOWED);
  }

  @Test
  void brings_a_source_back_that_is_gone() throws Exception {
    Event<BuildRequested> event = ofAllKinds();
    List<EventData> before = checkedOut(event, Policies.NONE);
    String source = ((SourceCheckedOut) before.get(1)).input().sourceKey();
    store.delete(source);

    assertThat(checkedOut(event, Policies.NONE)).isEqualTo(before);
    assertThat(store.exists(source)).isTrue();
  }

  @Test
  void fails_without_the_repository_when_not_everything_was_checked_out() throws Exception {
    Event<BuildRequested> event = ofAllKinds();
    checkedOut(event, Policies.NONE);
    takeRepositoryAway();
    store.delete(ObjectKeys.checkedOut(event.build()));

    assertThat(rejected(event, Policies.NONE).reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
  }

  @Test
  void holds_another_request_with_the_same_id_to_the_policy() throws Exception {
    Event<BuildRequested> event = ofAllKinds();
    checkedOut(event, Policies.NONE);
    Event<BuildRequested> other =
        event.next("cli", CheckoutRequests.of(repository.url(), "main", "web=.").data());

    assertThat(rejected(other, forbidding()).reason()).isEqualTo(Reason.NOT_ALLOWED);
  }

  @Test
  void is_cancelled_for_a_newer_build() throws Exception {
    Event<BuildRequested> event = ofAllKinds();
    checkedOut(event, Policies.NONE);
    takeRepositoryAway();
    BuildCancelRequested superseded = new BuildCancelRequested("shop", Optional.of("newer"));

    assertThat(checkedOut(event, Policies.NONE, build -> Optional.of(superseded)))
        .containsExactly(superseded);
  }

  /** Built, built unless an image of the same is there, and only tagged. */
  private Event<BuildRequested> ofAllKinds() {
    BuildRequested plain = CheckoutRequests.of(repository.url(), "main", "app=.").data();
    Map<String, String> arguments = Map.of("A", "1", "B", "2", "C", "3");
    return Event.first(
        BuildId.next(),
        "cli",
        new BuildRequested(
            plain.workload(),
            "2",
            List.of("latest"),
            plain.source(),
            List.of(
                plain.services().get(0),
                new RequestedService(
                    "web", "./web/", null, arguments, Optional.of("runtime"), null, true),
                new RequestedService("old", null, null, null, null, Optional.of("1"))),
            false,
            true,
            Optional.of("main")));
  }

  private void takeRepositoryAway() throws Exception {
    Files.move(folder.resolve("shop"), folder.resolve("away"));
  }

  private Policies forbidding() throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            "rules:\n  - {workloads: shop, repositories: 'git.example.com/**', images: '**'}\n");
    return new Policies(Optional.of(policy), Optional.empty());
  }

  private List<EventData> checkedOut(Event<BuildRequested> event, Policies policies)
      throws Exception {
    return checkedOut(event, policies, build -> Optional.empty());
  }

  private List<EventData> checkedOut(
      Event<BuildRequested> event, Policies policies, CheckoutStep.Admission admission)
      throws Exception {
    Path cache = Files.createTempDirectory(folder, "worker");
    try (CheckoutStep checkout =
        new CheckoutStep(CheckoutRequests.settings(cache), store, policies, admission)) {
      return checkout.run(event).events().stream().<EventData>map(Event::data).toList();
    }
  }

  private RejectedException rejected(Event<BuildRequested> event, Policies policies) {
    return catchThrowableOfType(RejectedException.class, () -> checkedOut(event, policies));
  }
}
