package io.tarkiln.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.BaseImage;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventType;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.ImagePushed;
import io.tarkiln.event.PipelineStage;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.Topics;
import io.tarkiln.event.json.Json;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.inputs.BuildInputs;
import io.tarkiln.inputs.BuildInputsArtifact;
import io.tarkiln.inputs.ReuseRecord;
import io.tarkiln.pipeline.BuildOutcomes;
import io.tarkiln.pipeline.EventPublisher;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.SentRecords;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.RegistryProbe;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@Tag("server")
class PushStepTest {
  private static final Topics TOPICS = new Topics("tarkiln.");
  private static final String TAG = "1.4.0";
  private static final String PUSHED = TOPICS.of(EventType.IMAGE_PUSHED);
  private static final String FINISHED = TOPICS.of(EventType.BUILD_FINISHED);

  private static final ObjectStore store = TestS3.newStore();

  private final SentRecords published = new SentRecords();
  private final ImageRepositories names =
      new ImageRepositories(
          TestRegistry.address(),
          TestRegistry.address() + "/caches",
          List.of(TestRegistry.address() + "/proxy"));
  private final ImagePusher pusher = new ImagePusher(TestRegistry.settings());
  private final BuildId build = BuildId.next();
  private String workload;

  /** A workload of its own for each test, so that they share no repository. */
  @BeforeEach
  void nameWorkload(TestInfo test) {
    workload = "shop-" + Integer.toHexString(test.getDisplayName().hashCode());
  }

  @AfterEach
  void close() {
    pusher.close();
  }

  @Test
  void pushes_and_tags_the_only_image_of_a_build() throws Exception {
    KanikoTar tar = new KanikoTar().layer(1, 2_000_000).layer(2, 100);
    Event<ImageBuilt> built = built(plan("api"), "api", tar);

    run(built);

    String digest = RegistryProbe.digest(repository("api"), TAG);
    assertThat(RegistryProbe.blob(repository("api"), tar.layerDigests().get(0)))
        .isEqualTo(tar.layers().get(0));
    assertThat(topics()).containsExactly(PUSHED, FINISHED);
    long bytes = tar.config().length + tar.layers().stream().mapToLong(layer -> layer.length).sum();
    assertThat(data(0, ImagePushed.class))
        .isEqualTo(
            new ImagePushed(workload, "api", image("api"), List.of(TAG), digest, bytes, 3, 0, 0));
    assertThat(data(1, BuildFinished.class))
        .isEqualTo(
            BuildFinished.succeeded(
                workload,
                TAG,
                PipelineStage.ARTIFACT_PUSHER.wire(),
                List.of(new BuildFinished.FinishedImage("api", image("api"), digest))));
    assertThat(published).extracting(ProducerRecord::key).containsOnly(build.toString());
    assertThat(published.stream().map(record -> CloudEvents.header(record.headers(), "ce_id")))
        .containsExactly(
            Optional.of(build + "/image-pushed/api"), Optional.of(build + "/build-finished"));
  }

  @Test
  void tags_no_image_before_all_of_the_build_are_there() throws Exception {
    BuildPlan plan = plan("api", "web");

    run(built(plan, "web", new KanikoTar().layer(3, 1000)));

    PushResult web = PushResult.read(store, build, "web").orElseThrow();
    assertThat(RegistryProbe.digest(repository("web"), web.digest())).isEqualTo(web.digest());
    assertThat(RegistryProbe.digest(repository("web"), TAG)).isEmpty();
    assertThat(published).isEmpty();

    run(built(plan, "api", new KanikoTar().layer(4, 1000)));

    String api = RegistryProbe.digest(repository("api"), TAG);
    assertThat(api).isNotEmpty();
    assertThat(RegistryProbe.digest(repository("web"), TAG)).isEqualTo(web.digest());
    assertThat(topics()).containsExactly(PUSHED, PUSHED, FINISHED);
    assertThat(data(0, ImagePushed.class).service()).isEqualTo("api");
    assertThat(data(1, ImagePushed.class).service()).isEqualTo("web");
    assertThat(data(2, BuildFinished.class).images())
        .containsExactly(
            new BuildFinished.FinishedImage("api", image("api"), api),
            new BuildFinished.FinishedImage("web", image("web"), web.digest()));
  }

  @Test
  void sets_extra_tags_too_each_once() throws Exception {
    BuildPlan plan = plan(List.of("latest", TAG, "1.4"), "api");

    run(built(plan, "api", new KanikoTar().layer(5, 1000)));

    ImagePushed pushed = data(0, ImagePushed.class);
    assertThat(pushed.tags()).containsExactly(TAG, "latest", "1.4");
    for (String tag : pushed.tags()) {
      assertThat(RegistryProbe.digest(repository("api"), tag)).isEqualTo(pushed.digest());
    }
  }

  @Test
  void a_repeated_delivery_changes_nothing() throws Exception {
    BuildPlan plan = plan("api", "web");
    Event<ImageBuilt> api = built(plan, "api", new KanikoTar().layer(6, 1000));
    Event<ImageBuilt> web = built(plan, "web", new KanikoTar().layer(7, 1000));
    run(api);
    run(api);
    run(web);
    byte[] outcome = store.read(ObjectKeys.finished(build)).orElseThrow();
    byte[] image = store.read(ObjectKeys.image(build, "api")).orElseThrow();
    int before = published.size();

    // A later build moves the tag; nobody moves it back.
    PushResult later = push(new KanikoTar().layer(8, 1000), "api");
    pusher.tag(TestRegistry.image(repository("api")).withTag(TAG), later.digest());
    store.delete(ObjectKeys.imageTar(build, "api"));
    run(web);
    run(api);

    assertThat(published).hasSize(before).hasSize(3);
    assertThat(store.read(ObjectKeys.finished(build))).hasValue(outcome);
    assertThat(store.read(ObjectKeys.image(build, "api"))).hasValue(image);
    assertThat(RegistryProbe.digest(repository("api"), TAG)).isEqualTo(later.digest());
  }

  @Test
  void goes_on_where_a_process_died_before_its_events_were_published() throws Exception {
    Event<ImageBuilt> built = built(plan("api"), "api", new KanikoTar().layer(9, 1000));
    EventPublisher deaf =
        new EventPublisher(
            new CloudEvents(TOPICS),
            record -> CompletableFuture.failedFuture(new IllegalStateException("no broker")));
    assertThatThrownBy(() -> step(deaf).run(built)).isInstanceOf(UnavailableException.class);
    assertThat(store.exists(ObjectKeys.released(build))).isFalse();

    run(built);

    assertThat(topics()).containsExactly(PUSHED, FINISHED);
    assertThat(data(0, ImagePushed.class).blobsSent()).isEqualTo(2);
  }

  @Test
  void a_build_that_has_failed_meanwhile_is_not_tagged() throws Exception {
    Event<ImageBuilt> built = built(plan("api"), "api", new KanikoTar().layer(10, 1000));
    outcomes(events())
        .end(
            built,
            BuildFinished.failed(
                workload,
                TAG,
                "build-submitter",
                Optional.of("web"),
                Reason.BUILD_FAILED,
                "RUN make failed",
                List.of()));

    run(built);

    assertThat(RegistryProbe.digest(repository("api"), TAG)).isEmpty();
    assertThat(topics()).containsExactly(FINISHED);
    assertThat(data(0, BuildFinished.class).outcome()).isEqualTo(BuildFinished.Outcome.FAILED);
  }

  @Test
  void a_decision_to_release_is_carried_out_after_a_crash_whatever_comes_in_between()
      throws Exception {
    Event<ImageBuilt> built = built(plan("api"), "api", new KanikoTar().layer(21, 1000));
    PushResult image = push(new KanikoTar().layer(21, 1000), "api");
    BuildFinished success =
        BuildFinished.succeeded(
            workload,
            TAG,
            PipelineStage.ARTIFACT_PUSHER.wire(),
            List.of(new BuildFinished.FinishedImage("api", image("api"), image.digest())));
    outcomes(events()).decide(built, success);
    outcomes(events())
        .end(built, BuildFinished.cancelled(workload, "cancellation", Optional.empty()));
    assertThat(published).isEmpty();

    run(built);

    assertThat(RegistryProbe.digest(repository("api"), TAG)).isEqualTo(image.digest());
    assertThat(topics()).containsExactly(PUSHED, FINISHED);
    assertThat(data(1, BuildFinished.class)).isEqualTo(success);
  }

  @Test
  void a_missing_tar_ends_the_build() {
    Event<ImageBuilt> built = built(plan("api"), "api");

    assertRejected(Reason.BAD_IMAGE_TAR, built, ObjectKeys.imageTar(build, "api"));
  }

  @Test
  void a_broken_tar_ends_the_build() throws Exception {
    Event<ImageBuilt> built = built(plan("api"), "api");
    store.write(ObjectKeys.imageTar(build, "api"), new byte[512]);

    assertRejected(Reason.BAD_IMAGE_TAR, built, "manifest.json");
    assertThat(store.exists(ObjectKeys.image(build, "api"))).isFalse();
  }

  @Test
  void a_service_that_did_not_change_gets_the_new_tag() throws Exception {
    PushResult old = push(new KanikoTar().layer(11, 1000), "api");
    pusher.tag(TestRegistry.image(repository("api")).withTag("1.3.9"), old.digest());

    run(event(ImageBuilt.retag(workload, "api", plan("api"), "1.3.9")));

    assertThat(RegistryProbe.digest(repository("api"), TAG)).isEqualTo(old.digest());
    assertThat(data(0, ImagePushed.class))
        .isEqualTo(
            new ImagePushed(workload, "api", image("api"), List.of(TAG), old.digest(), 0, 0, 0, 0));
  }

  @Test
  void notes_what_a_released_image_was_built_from_and_leaves_the_image_as_it_is() throws Exception {
    BuildPlan plan = plan("api", "web");
    Event<ImageBuilt> api = built(plan, "api", new KanikoTar().layer(30, 1000));
    Event<ImageBuilt> web = built(plan, "web", new KanikoTar().layer(31, 1000));
    BuildInputs inputs = inputs("api");
    new ReuseRecord(Optional.of(inputs), Optional.empty()).putIfAbsent(store, build, "api");

    run(api);
    assertThat(noted(inputs)).as("not released").isEmpty();
    run(web);

    String digest = RegistryProbe.digest(repository("api"), TAG);
    assertThat(noted(inputs)).contains(digest);
    assertThat(data(2, BuildFinished.class).images().get(0).digest()).isEqualTo(digest);
    assertThat(PushResult.read(store, build, "api").orElseThrow().digest()).isEqualTo(digest);
  }

  @Test
  void an_image_of_the_same_inputs_gets_the_new_tag() throws Exception {
    PushResult old = push(new KanikoTar().layer(32, 1000), "api");
    DockerfileRewritten service =
        new DockerfileRewritten(
            workload,
            "api",
            plan("api"),
            new RunInput("s", ".", "Dockerfile", "d", Map.of(), Optional.empty(), true),
            List.of(),
            Optional.empty());
    new ReuseRecord(Optional.of(inputs("api")), Optional.of(old.digest()))
        .putIfAbsent(store, build, "api");

    run(event(ImageBuilt.unchanged(service, old.digest())));

    assertThat(RegistryProbe.digest(repository("api"), TAG)).isEqualTo(old.digest());
    assertThat(data(0, ImagePushed.class).bytesSent()).isZero();
    published.clear();
    String gone = "sha256:" + "ab".repeat(32);
    assertRejected(
        Reason.NO_SUCH_IMAGE, secondBuild(ImageBuilt.unchanged(service, gone)), "@" + gone);
  }

  private Event<ImageBuilt> secondBuild(ImageBuilt data) {
    return Event.first(BuildId.next(), "build-submitter", data);
  }

  private BuildInputs inputs(String service) {
    return new BuildInputs(
        "sources/" + workload + "/" + service,
        ".",
        "Dockerfile",
        "sha256:" + "cd".repeat(32),
        new TreeMap<>(),
        Optional.empty(),
        new TreeMap<>());
  }

  private Optional<String> noted(BuildInputs inputs) throws Exception {
    return new BuildInputsArtifact(
            new RegistryClient(TestRegistry.settings())
                .connectToRead(TestRegistry.image(repository("api"))))
        .find(inputs);
  }

  @Test
  void a_tag_that_is_not_there_cannot_be_given_another_name() {
    Event<ImageBuilt> retag = event(ImageBuilt.retag(workload, "api", plan("api"), "1.3.9"));

    assertRejected(Reason.NO_SUCH_IMAGE, retag, repository("api") + ":1.3.9");
  }

  @Test
  void mounts_what_base_images_and_the_cache_have() throws Exception {
    KanikoTar tar = new KanikoTar().layer(12, 1000).layer(13, 1000).layer(14, 1000);
    push(new KanikoTar().layer(12, 1000), "base");
    pusher.push(
        SampleTars.of(new KanikoTar().layer(13, 1000)),
        TestRegistry.image("caches/kaniko-cache/" + workload + "/api"),
        List.of(),
        PushProgress.NONE);

    ImagePushed pushed = pushed(tar, repository("base"));

    assertThat(pushed.blobsMounted()).isEqualTo(2);
    assertThat(pushed.blobsSent()).isEqualTo(2);
  }

  @Test
  void mounts_nothing_of_another_workload_that_a_dockerfile_names() throws Exception {
    KanikoTar tar = new KanikoTar().layer(15, 1000).layer(16, 1000);
    String secret = "secret" + Integer.toHexString(workload.hashCode()) + "/api";
    String proxied = "proxy/" + workload;
    for (String holder : List.of(secret, proxied)) {
      pusher.push(
          SampleTars.of(new KanikoTar().layer(holder.equals(secret) ? 15 : 16, 1000)),
          TestRegistry.image(holder),
          List.of(),
          PushProgress.NONE);
    }

    ImagePushed pushed = pushed(tar, secret, proxied);

    assertThat(pushed.blobsMounted()).isEqualTo(1);
    assertThat(pushed.blobsSent()).isEqualTo(2);
  }

  /** Pushes what was built on images of these repositories. */
  private ImagePushed pushed(KanikoTar tar, String... bases) throws Exception {
    store.write(ObjectKeys.imageTar(build, "api"), tar.bytes());
    run(
        event(
            new ImageBuilt(
                workload,
                "api",
                plan("api"),
                Optional.of(ObjectKeys.imageTar(build, "api")),
                tar.bytes().length,
                Stream.of(bases)
                    .map(base -> TestRegistry.address() + "/" + base + ":3")
                    .map(
                        base ->
                            new BaseImage(1, "FROM", "base:3", base, "rewritten", Optional.empty()))
                    .toList(),
                Optional.empty(),
                Optional.empty())));
    return data(0, ImagePushed.class);
  }

  private void run(Event<ImageBuilt> event) throws Exception {
    assertThat(step(events()).run(event).events()).isEmpty();
  }

  /** As a process does that has just started. */
  private PushStep step(EventPublisher events) {
    return new PushStep(
        store,
        pusher,
        names,
        new BuildRelease(store, pusher, names, events, outcomes(events)),
        events);
  }

  private EventPublisher events() {
    return new EventPublisher(new CloudEvents(TOPICS), published::send);
  }

  private static BuildOutcomes outcomes(EventPublisher events) {
    return new BuildOutcomes(store, events);
  }

  private PushResult push(KanikoTar tar, String service) throws Exception {
    return pusher.push(
        SampleTars.of(tar), TestRegistry.image(repository(service)), List.of(), PushProgress.NONE);
  }

  private Event<ImageBuilt> built(BuildPlan plan, String service, KanikoTar tar) throws Exception {
    store.write(ObjectKeys.imageTar(build, service), tar.bytes());
    return built(plan, service);
  }

  /** Says that there is a tar. */
  private Event<ImageBuilt> built(BuildPlan plan, String service) {
    return SampleEvents.built(build, workload, service, plan);
  }

  private Event<ImageBuilt> event(ImageBuilt data) {
    return Event.first(build, "build-submitter", data);
  }

  private static BuildPlan plan(String... services) {
    return plan(List.of(), services);
  }

  private static BuildPlan plan(List<String> extraTags, String... services) {
    return SampleEvents.planTagged(TAG, extraTags, services);
  }

  private void assertRejected(Reason reason, Event<ImageBuilt> event, String message) {
    assertThatThrownBy(() -> run(event))
        .isInstanceOfSatisfying(
            RejectedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
    assertThat(published).isEmpty();
  }

  private List<String> topics() {
    return published.stream().map(ProducerRecord::topic).toList();
  }

  private <T> T data(int index, Class<T> type) throws Exception {
    return Json.read(published.get(index).value(), type);
  }

  private String repository(String service) {
    return workload + "/" + service;
  }

  private String image(String service) {
    return TestRegistry.address() + "/" + repository(service) + ":" + TAG;
  }
}
