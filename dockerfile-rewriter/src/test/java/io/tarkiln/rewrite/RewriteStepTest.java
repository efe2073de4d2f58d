package io.tarkiln.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ContextEntry;
import io.tarkiln.store.ContextListing;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class RewriteStepTest {
  private static final String DOCKERFILE = "ARG V=3.20\nFROM alpine:${V}\nRUN true\n";
  private static final String COMMIT = SampleEvents.COMMIT;

  private static final ObjectStore store = TestS3.newStore();

  private final BuildId build = BuildId.next();
  private final RewriteStep step =
      new RewriteStep(
          store,
          ProxyMap.of(List.of("docker.io=harbor.example/dockerhub-proxy")),
          Platform.parse("linux/amd64"));

  @Test
  void stores_the_edited_dockerfile_and_lists_every_base_image() throws Exception {
    Event<SourceCheckedOut> source = source(DOCKERFILE, true);

    DockerfileRewritten rewritten = run(source);

    assertThat(rewritten.input().dockerfileKey())
        .isEqualTo(ObjectKeys.rewrittenDockerfile(build, "api"))
        .isNotEqualTo(source.data().input().dockerfileKey());
    assertThat(stored(rewritten))
        .contains("FROM harbor.example/dockerhub-proxy/library/alpine:")
        .endsWith("\nRUN true\n");
    assertThat(rewritten.baseImages())
        .singleElement()
        .satisfies(
            image -> {
              assertThat(image.line()).isEqualTo(2);
              assertThat(image.before()).contains("alpine");
              assertThat(image.after())
                  .isEqualTo("harbor.example/dockerhub-proxy/library/alpine:3.20");
            });
    assertThat(rewritten.problem()).isEmpty();
    assertThat(rewritten.plan()).isEqualTo(source.data().plan());
  }

  @Test
  void ends_in_the_same_state_when_it_is_repeated() throws Exception {
    Event<SourceCheckedOut> source = source(DOCKERFILE, true);

    DockerfileRewritten first = run(source);
    String once = stored(first);

    assertThat(run(source)).isEqualTo(first);
    assertThat(stored(first)).isEqualTo(once);
  }

  @Test
  void leaves_every_byte_when_the_mirror_is_off_and_says_so() throws Exception {
    DockerfileRewritten rewritten = run(source(DOCKERFILE, false));

    assertThat(stored(rewritten)).isEqualTo(DOCKERFILE);
    assertThat(rewritten.baseImages())
        .singleElement()
        .satisfies(image -> assertThat(image.why()).isEqualTo("mirror-off"));
  }

  @Test
  void passes_on_what_is_no_dockerfile_and_names_the_problem() throws Exception {
    DockerfileRewritten rewritten = run(source("FROM\n", true));

    assertThat(stored(rewritten)).isEqualTo("FROM\n");
    assertThat(rewritten.baseImages()).isEmpty();
    assertThat(rewritten.problem().orElseThrow()).contains("docker/Dockerfile line 1");
  }

  @Test
  void tells_as_many_base_images_as_an_event_has_room_for() throws Exception {
    String dockerfile = "FROM a\n".repeat(100_000) + "FROM $" + "x".repeat(60_000) + "\n";

    DockerfileRewritten rewritten = run(source(dockerfile, true));

    assertThat(rewritten.baseImages()).hasSizeBetween(100, 2000);
    assertThat(rewritten.problem().orElseThrow()).contains("100001 base images");
    assertThat(stored(rewritten))
        .contains("FROM harbor.example/dockerhub-proxy/library/a\nFROM $x");
  }

  @Test
  void tells_every_reason() throws Exception {
    DockerfileRewritten rewritten =
        run(
            source(
                """
                FROM alpine AS a
                FROM a
                FROM scratch
                FROM quay.io/x/y
                FROM harbor.example/dockerhub-proxy/library/alpine
                FROM $NOWHERE
                ONBUILD COPY --from=alpine a b
                FROM Not:A:Name
                """,
                true));

    assertThat(rewritten.baseImages())
        .extracting(image -> image.why() + image.detail().map(detail -> " " + detail).orElse(""))
        .containsExactly(
            "rewritten",
            "stage",
            "scratch",
            "unmapped quay.io",
            "already-proxied",
            "unresolved NOWHERE",
            "onbuild",
            "invalid");
  }

  @Test
  void refuses_a_build_whose_dockerfile_has_expired() throws Exception {
    Event<SourceCheckedOut> source = source(DOCKERFILE, true);
    store.delete(source.data().input().dockerfileKey());

    assertThatThrownBy(() -> step.run(source))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.NO_DOCKERFILE))
        .hasMessageContaining("replay");
  }

  @Test
  void refuses_what_kaniko_cannot_build_with_the_line_and_a_remedy() throws Exception {
    Event<SourceCheckedOut> source =
        source("FROM alpine\nRUN --mount=type=cache,target=/c make\n", true);

    assertThatThrownBy(() -> step.run(source))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.ENGINE_CANNOT))
        .hasMessageStartingWith("docker/Dockerfile line 2: RUN --mount")
        .hasMessageContaining("leave the mount out");
  }

  @Test
  void tells_what_kaniko_builds_otherwise_by_the_lines_of_the_file_in_git() throws Exception {
    DockerfileRewritten rewritten =
        run(
            source(
                "FROM alpine AS a\n"
                    + "ARG F=1\n"
                    + "RUN echo $F > /x\n"
                    + "FROM alpine\n"
                    + "COPY --from=a /x /x\n"
                    + "USER 12\n"
                    + "RUN id\n",
                true));

    assertThat(rewritten.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.line()).isEqualTo(6);
              assertThat(warning.code()).isEqualTo("user-group");
            });
    assertThat(stored(rewritten)).contains("\nARG F=\n");
  }

  @Test
  void reads_names_of_files_from_the_list_beside_the_source() throws Exception {
    Event<SourceCheckedOut> source = source("FROM scratch\nCOPY lnk /f\n", true);
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    ContextListing.Writer writer = new ContextListing.Writer(list);
    writer.add(new ContextEntry(0120000, COMMIT, "lnk", "some/file"));
    writer.add(new ContextEntry(0100644, COMMIT, "some/file", ""));
    writer.finish();
    store.write(ObjectKeys.sourceFiles(source.data().input().sourceKey()), list.toByteArray());

    try {
      assertThat(stored(run(source))).isEqualTo("FROM scratch\nCOPY some/file /f\n");
    } finally {
      store.delete(ObjectKeys.sourceFiles(source.data().input().sourceKey()));
    }
  }

  private DockerfileRewritten run(Event<SourceCheckedOut> source) throws Exception {
    List<Event<?>> events = step.run(source).events();
    assertThat(events).hasSize(1);
    assertThat(events.get(0).build()).isEqualTo(build);
    return (DockerfileRewritten) events.get(0).data();
  }

  private static String stored(DockerfileRewritten rewritten) throws Exception {
    return new String(store.read(rewritten.input().dockerfileKey()).orElseThrow(), UTF_8);
  }

  private Event<SourceCheckedOut> source(String dockerfile, boolean mirror) throws Exception {
    String key = ObjectKeys.dockerfile(build, "api");
    store.write(key, dockerfile.getBytes(UTF_8));
    return Event.first(
        build,
        "checkout-worker",
        new SourceCheckedOut(
            "shop",
            "api",
            SampleEvents.plan(COMMIT, true, mirror, "api"),
            new RunInput(
                ObjectKeys.source("shop", COMMIT),
                ".",
                "docker/Dockerfile",
                key,
                Map.of(),
                Optional.empty())));
  }
}
