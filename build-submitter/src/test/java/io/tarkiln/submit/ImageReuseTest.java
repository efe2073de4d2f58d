package io.tarkiln.submit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BaseImage;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.inputs.BuildInputs;
import io.tarkiln.inputs.BuildInputsArtifact;
import io.tarkiln.inputs.ReuseRecord;
import io.tarkiln.kaniko.SampleRuns;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Against a real registry and S3. */
@Tag("server")
class ImageReuseTest {
  private static final String DOCKERFILE = "FROM base:1\nCOPY . /\n";

  private static final ObjectStore store = TestS3.newStore();
  private String workload;
  private String base;

  /** What a test may change of a request. */
  private record Request(
      String source,
      String dockerfile,
      Map<String, String> buildArgs,
      Optional<String> target,
      boolean auto,
      boolean cache) {
    static final Request SAME =
        new Request(
            SampleRuns.TREE,
            DOCKERFILE,
            Map.of("A", "1", "B", "2"),
            Optional.of("run"),
            true,
            true);

    Request withoutCache() {
      return new Request(source, dockerfile, buildArgs, target, auto, false);
    }
  }

  /** Names of its own for each test, so that they share no repository. */
  @BeforeEach
  void prepare(TestInfo test) throws Exception {
    workload = "w" + Integer.toHexString(test.getDisplayName().hashCode());
    base = TestRegistry.address() + "/" + workload + "/base:1";
    TestImage.put(workload + "/base", "1", "base");
  }

  @Test
  void takes_the_image_that_was_built_from_the_same() throws Exception {
    Event<DockerfileRewritten> first = event(Request.SAME);
    assertThat(unchanged().image(first)).isEmpty();
    Manifests.Stored image = released(first);

    assertThat(unchanged().image(event(Request.SAME))).contains(image.digest());
  }

  @Test
  void builds_when_anything_is_another() throws Exception {
    Event<DockerfileRewritten> first = event(Request.SAME);
    unchanged().image(first);
    released(first);

    assertThat(unchanged().image(event(Request.SAME))).isPresent();
    Map<String, String> args = Map.of("A", "1", "B", "3");
    Optional<String> target = Request.SAME.target();
    for (Request other :
        List.of(
            new Request("ab".repeat(20), DOCKERFILE, Request.SAME.buildArgs(), target, true, true),
            new Request(
                SampleRuns.TREE, "FROM base:1\n", Request.SAME.buildArgs(), target, true, true),
            new Request(SampleRuns.TREE, DOCKERFILE, args, target, true, true),
            new Request(
                SampleRuns.TREE,
                DOCKERFILE,
                Request.SAME.buildArgs(),
                Optional.empty(),
                true,
                true))) {
      assertThat(unchanged().image(event(other))).as(other.toString()).isEmpty();
    }
    TestImage.put(workload + "/base", "1", "another base");
    assertThat(unchanged().image(event(Request.SAME))).isEmpty();
    TestImage.put(workload + "/base", "1", "base");
    assertThat(unchanged().image(event(Request.SAME))).isPresent();
  }

  @Test
  void decides_the_same_when_asked_again() throws Exception {
    Event<DockerfileRewritten> first = event(Request.SAME);
    unchanged().image(first);
    released(first);
    Event<DockerfileRewritten> second = event(Request.SAME);
    Optional<String> taken = unchanged().image(second);
    TestImage.put(workload + "/base", "1", "another base");

    assertThat(unchanged().image(first)).as("Kaniko may be at it").isEmpty();
    assertThat(unchanged().image(second)).isEqualTo(taken).isPresent();
  }

  @Test
  void builds_without_a_cache_and_notes_it_for_later() throws Exception {
    Event<DockerfileRewritten> first = event(Request.SAME);
    unchanged().image(first);
    released(first);

    Event<DockerfileRewritten> uncached = event(Request.SAME.withoutCache());

    assertThat(unchanged().image(uncached)).isEmpty();
    assertThat(inputs(uncached)).isEqualTo(inputs(first));
  }

  @Test
  void looks_nothing_up_unless_asked_to() throws Exception {
    Event<DockerfileRewritten> event =
        event(new Request(SampleRuns.TREE, DOCKERFILE, Map.of(), Optional.empty(), false, true));

    assertThat(unchanged().image(event)).isEmpty();
    assertThat(store.exists(ObjectKeys.inputs(event.build(), "api"))).isFalse();
  }

  @Test
  void asks_no_registry_but_ours_and_knows_pinned_images_without_asking() throws Exception {
    String pinned = "quay.io/acme/tool@sha256:" + "ab".repeat(32);
    Event<DockerfileRewritten> known = event(Request.SAME, base, pinned);
    Event<DockerfileRewritten> foreign = event(Request.SAME, base, "127.0.0.1:1/acme/tool:1");
    Event<DockerfileRewritten> unresolved = event(Request.SAME, "${BASE}");

    for (Event<DockerfileRewritten> event : List.of(known, foreign, unresolved)) {
      assertThat(unchanged().image(event)).isEmpty();
    }

    assertThat(built(known).inputs().orElseThrow().baseImages()).containsOnlyKeys(base, pinned);
    assertThat(built(foreign).inputs()).isEmpty();
    assertThat(built(unresolved).inputs()).isEmpty();
  }

  @Test
  void takes_nothing_for_an_image_that_is_not() throws Exception {
    Event<DockerfileRewritten> first = event(Request.SAME);
    unchanged().image(first);
    BuildInputs inputs = inputs(first);
    String tag = "tarkiln-inputs-" + inputs.digest().substring("sha256:".length());

    TestImage.put(workload + "/api", tag, "an image of somebody under that tag");
    assertThat(unchanged().image(event(Request.SAME))).isEmpty();

    new BuildInputsArtifact(TestImage.connect(workload + "/api"))
        .write(inputs, TestImage.manifest(ByteArrayBlob.of("never sent".getBytes(UTF_8))));
    assertThat(unchanged().image(event(Request.SAME))).as("its image is gone").isEmpty();

    BuildInputs other =
        BuildInputs.of(
            input(new Request("cd".repeat(20), "", Map.of(), Optional.empty(), true, true)),
            new byte[0],
            inputs.baseImages());
    new BuildInputsArtifact(TestImage.connect(workload + "/api"))
        .write(other, TestImage.put(workload + "/api", "1", "of other inputs"));
    Manifests manifests = new Manifests(TestImage.connect(workload + "/api"));
    manifests.put(
        tag,
        manifests
            .get("tarkiln-inputs-" + other.digest().substring("sha256:".length()))
            .orElseThrow());
    assertThat(unchanged().image(event(Request.SAME))).as("of other inputs").isEmpty();
  }

  @Test
  void builds_when_the_registry_does_not_answer() throws Exception {
    ImageReuse away =
        new ImageReuse(
            store,
            new RegistryClient(TestRegistry.settings()),
            "127.0.0.1:1",
            Set.of("127.0.0.1:1"));
    Event<DockerfileRewritten> event = event(Request.SAME, "127.0.0.1:1/base:1");

    assertThat(away.image(event)).isEmpty();
    assertThat(built(event)).isEqualTo(new ReuseRecord(Optional.empty(), Optional.empty()));
  }

  /** What the pusher does at the end of a build. */
  private Manifests.Stored released(Event<DockerfileRewritten> event) throws Exception {
    Manifests.Stored image = TestImage.put(workload + "/api", "1", event.build().toString());
    new BuildInputsArtifact(TestImage.connect(workload + "/api")).write(inputs(event), image);
    return image;
  }

  private static ReuseRecord built(Event<DockerfileRewritten> event) throws Exception {
    return ReuseRecord.read(store, event.build(), "api").orElseThrow();
  }

  private static BuildInputs inputs(Event<DockerfileRewritten> event) throws Exception {
    return built(event).inputs().orElseThrow();
  }

  private ImageReuse unchanged() {
    return new ImageReuse(
        store,
        new RegistryClient(TestRegistry.settings()),
        TestRegistry.address(),
        Set.of(TestRegistry.address()));
  }

  private Event<DockerfileRewritten> event(Request request) throws Exception {
    return event(request, base);
  }

  private Event<DockerfileRewritten> event(Request request, String... bases) throws Exception {
    BuildId build = BuildId.next();
    String key = ObjectKeys.rewrittenDockerfile(build, "api");
    store.write(key, request.dockerfile().getBytes(UTF_8));
    BuildPlan plan = SampleEvents.plan(SampleRuns.TREE, request.cache(), true, "api");
    List<BaseImage> images =
        java.util.Arrays.stream(bases)
            .map(name -> new BaseImage(1, "FROM", name, name, "unmapped", Optional.empty()))
            .toList();
    return Event.first(
        build,
        "dockerfile-rewriter",
        new DockerfileRewritten(
            workload,
            "api",
            plan,
            input(request).withDockerfileKey(key),
            images,
            Optional.empty()));
  }

  private RunInput input(Request request) {
    return new RunInput(
        ObjectKeys.source(workload, request.source()),
        ".",
        "Dockerfile",
        "builds/0/api/Dockerfile",
        new HashMap<>(request.buildArgs()),
        request.target(),
        request.auto());
  }
}
