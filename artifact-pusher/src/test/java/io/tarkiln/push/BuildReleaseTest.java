package io.tarkiln.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.Topics;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.SentRecords;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.RegistryProbe;
import io.tarkiln.testkit.Relay;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tags of several images, with a registry that keeps one of them as it is. */
@Tag("server")
class BuildReleaseTest {
  private static final String FINISHED = "tarkiln.build-finished";

  private final ObjectStore store = TestS3.newStore();
  private ScriptedServer harbor;
  private ImagePusher pusher;

  private final SentRecords published = new SentRecords();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Optional<Answer> toWebTag = Optional.of(Answer.of(412));
  private List<String> services = List.of("api", "web");
  private volatile boolean deletes = true;
  private volatile boolean allowed = true;
  private final BuildId build = BuildId.next();
  private final String workload = "release-" + build.toString().substring(24);

  @BeforeEach
  void start() throws Exception {
    harbor = new ScriptedServer(new Relay(this::answer));
    pusher = new ImagePusher(TestRegistry.settings(harbor.address()));
  }

  @AfterEach
  void stop() throws Exception {
    pusher.close();
    harbor.close();
  }

  @Test
  void a_tag_that_may_not_move_is_refused_before_another_is_set() throws Exception {
    tagByOther("web");

    push("api", 2);
    push("web", 3);

    BuildFinished outcome = outcomes().of(build).orElseThrow();
    assertThat(outcome.outcome()).isEqualTo(BuildFinished.Outcome.FAILED);
    assertThat(outcome.reason()).contains(Reason.TAG_IMMUTABLE);
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEmpty();
    assertThat(published).extracting(ProducerRecord::topic).containsExactly(FINISHED);

    push("web", 3);

    assertThat(published).hasSize(1);
    assertThat(outcomes().of(build)).contains(outcome);
  }

  @Test
  void takes_new_tags_back_when_a_later_one_is_refused() throws Exception {
    push("api", 2);
    push("web", 3);

    BuildFinished outcome = outcomes().of(build).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.TAG_IMMUTABLE);
    assertThat(outcome.message().orElseThrow()).contains("other tags are as they were");
    assertThat(asked).contains("PUT api", "DELETE api");
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEmpty();
    assertThat(published).extracting(ProducerRecord::topic).containsExactly(FINISHED);
  }

  @Test
  void gives_a_moved_tag_its_image_back() throws Exception {
    String before = tagByOther("api");

    push("api", 2);
    push("web", 3);

    assertThat(outcomes().of(build).orElseThrow().message().orElseThrow())
        .contains("other tags are as they were");
    assertThat(asked).filteredOn("PUT api"::equals).hasSize(2);
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEqualTo(before);
  }

  @Test
  void knows_after_a_crash_which_tags_are_to_be_taken_back() throws Exception {
    toWebTag = Optional.of(Answer.of(503));
    push("api", 2);
    assertThatThrownBy(() -> push("web", 3)).isInstanceOf(UnavailableException.class);
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isNotEmpty();

    toWebTag = Optional.of(Answer.of(412));
    push("web", 3);

    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEmpty();
    assertThat(published).extracting(ProducerRecord::topic).containsExactly(FINISHED);
  }

  @Test
  void leaves_tags_to_a_newer_build_that_has_set_them_while_a_registry_was_away() throws Exception {
    toWebTag = Optional.of(Answer.of(503));
    push("api", 2);
    assertThatThrownBy(() -> push("web", 3)).isInstanceOf(UnavailableException.class);
    String api = tagByOther("api");
    String web = tagByOther("web");

    toWebTag = Optional.empty();
    resume(InstantSource.system());

    assertThat(outcomes().of(build).orElseThrow().outcome())
        .isEqualTo(BuildFinished.Outcome.SUCCEEDED);
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEqualTo(api);
    assertThat(RegistryProbe.digest(workload + "/web", "1")).isEqualTo(web);
  }

  @Test
  void leaves_the_only_tag_to_a_newer_build_too() throws Exception {
    services = List.of("web");
    toWebTag = Optional.of(Answer.of(503));
    assertThatThrownBy(() -> push("web", 3)).isInstanceOf(UnavailableException.class);
    String web = tagByOther("web");

    toWebTag = Optional.empty();
    resume(InstantSource.system());

    assertThat(RegistryProbe.digest(workload + "/web", "1")).isEqualTo(web);
  }

  @Test
  void names_the_tags_that_a_registry_does_not_take_back() throws Exception {
    deletes = false;

    push("api", 2);
    push("web", 3);

    BuildFinished outcome = outcomes().of(build).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.TAG_IMMUTABLE);
    assertThat(outcome.message().orElseThrow()).contains("could not be taken back", "/api:1");
  }

  @Test
  void leaves_a_tag_that_a_newer_build_has_given_the_same_image_when_a_record_comes_late()
      throws Exception {
    push("api", 2);
    push("web", 3);
    String newer = tagByOther("api", 2);

    resume(InstantSource.offset(InstantSource.system(), Duration.ofHours(2)));
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEqualTo(newer);

    resume(InstantSource.system());
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEmpty();
  }

  @Test
  void pushes_an_image_again_that_the_registry_has_deleted() throws Exception {
    toWebTag = Optional.empty();
    push("api", 2);
    deleteImage("api");

    push("web", 3);

    assertThat(outcomes().of(build).orElseThrow().outcome())
        .isEqualTo(BuildFinished.Outcome.SUCCEEDED);
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEqualTo(pushed("api").digest());
    assertThat(RegistryProbe.digest(workload + "/web", "1")).isEqualTo(pushed("web").digest());
  }

  @Test
  void gives_tags_back_when_a_crash_has_outlived_an_image_and_its_tar() throws Exception {
    toWebTag = Optional.of(Answer.of(503));
    push("api", 2);
    assertThatThrownBy(() -> push("web", 3)).isInstanceOf(UnavailableException.class);
    deleteImage("web");
    store.delete(ObjectKeys.imageTar(build, "web"));

    resume(InstantSource.system());

    BuildFinished outcome = outcomes().of(build).orElseThrow();
    assertThat(outcome.reason()).contains(Reason.NO_SUCH_IMAGE);
    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEmpty();
    assertThat(published).extracting(ProducerRecord::topic).containsExactly(FINISHED);

    resume(InstantSource.system());

    assertThat(outcomes().of(build)).contains(outcome);
  }

  @Test
  void a_decided_release_waits_for_an_account_that_has_expired() throws Exception {
    toWebTag = Optional.of(Answer.of(503));
    push("api", 2);
    assertThatThrownBy(() -> push("web", 3)).isInstanceOf(UnavailableException.class);

    allowed = false;
    assertThatThrownBy(() -> resume(InstantSource.system())).isInstanceOf(RejectedException.class);

    assertThat(RegistryProbe.digest(workload + "/api", "1")).isEqualTo(pushed("api").digest());
    assertThat(published).isEmpty();

    allowed = true;
    toWebTag = Optional.empty();
    resume(InstantSource.system());

    assertThat(outcomes().of(build).orElseThrow().outcome())
        .isEqualTo(BuildFinished.Outcome.SUCCEEDED);
    assertThat(RegistryProbe.digest(workload + "/web", "1")).isEqualTo(pushed("web").digest());
  }

  @Test
  void refuses_a_build_an_image_of_which_is_gone_with_its_tar() throws Exception {
    push("api", 2);
    deleteImage("api");
    store.delete(ObjectKeys.imageTar(build, "api"));

    assertThatThrownBy(() -> push("web", 3))
        .isInstanceOf(RejectedException.class)
        .hasMessageContaining("replay the build");
    assertThat(outcomes().of(build)).isEmpty();
  }

  /**
   * Web's tag is not set, unless a test lets it; with a registry that goes away, or has no way to
   * take tags back.
   */
  private Optional<Answer> answer(ScriptedServer.Seen request) {
    String service = request.uri().contains("/api/") ? "api" : "web";
    if (!allowed) {
      return Optional.of(Answer.of(403));
    }
    boolean isTag = request.uri().endsWith("/manifests/1");
    if (isTag && !request.method().equals("GET") && !request.method().equals("HEAD")) {
      asked.add(request.method() + " " + service);
    }
    if (isTag && request.method().equals("DELETE") && !deletes) {
      return Optional.of(Answer.of(405));
    }
    return isTag && request.method().equals("PUT") && service.equals("web")
        ? toWebTag
        : Optional.empty();
  }

  private void resume(InstantSource clock) throws Exception {
    BuildOutcomes outcomes = outcomes();
    step(clock).resume(built("web"), outcomes.of(build).orElseThrow(), outcomes);
  }

  private PushResult pushed(String service) throws Exception {
    return PushResult.read(store, build, service).orElseThrow();
  }

  /** As registries do with what has no tag. */
  private void deleteImage(String service) throws Exception {
    URI manifest =
        URI.create(
            "http://%s/v2/%s/%s/manifests/%s"
                .formatted(TestRegistry.address(), workload, service, pushed(service).digest()));
    HttpRequest delete = HttpRequest.newBuilder(manifest).DELETE().build();
    assertThat(HttpClient.newHttpClient().send(delete, BodyHandlers.discarding()).statusCode())
        .isEqualTo(202);
  }

  /** Another image has the tag already. */
  private String tagByOther(String service) throws Exception {
    return tagByOther(service, 1);
  }

  private String tagByOther(String service, int layer) throws Exception {
    ImageReference image = TestRegistry.image(workload + "/" + service).withTag("1");
    try (ImagePusher direct = new ImagePusher(TestRegistry.settings())) {
      PushResult other =
          direct.push(
              SampleTars.of(new KanikoTar().layer(layer, 1000)),
              image,
              List.of(),
              PushProgress.NONE);
      direct.tag(image, other.digest());
      return other.digest();
    }
  }

  private void push(String service, int layer) throws Exception {
    store.write(ObjectKeys.imageTar(build, service), new KanikoTar().layer(layer, 1000).bytes());
    step(InstantSource.system()).run(built(service));
  }

  private Event<ImageBuilt> built(String service) {
    BuildPlan plan = SampleEvents.plan(services.toArray(String[]::new));
    return SampleEvents.built(build, workload, service, plan);
  }

  /** As a process does that has just started. */
  private PushStep step(InstantSource clock) {
    ImageRepositories names = new ImageRepositories(harbor.address(), harbor.address());
    EventPublisher events = events();
    return new PushStep(
        store,
        pusher,
        names,
        new BuildRelease(store, pusher, names, events, outcomes(), clock),
        events);
  }

  private BuildOutcomes outcomes() {
    return new BuildOutcomes(store, events());
  }

  private EventPublisher events() {
    return new EventPublisher(new CloudEvents(new Topics("tarkiln.")), published::send);
  }
}
