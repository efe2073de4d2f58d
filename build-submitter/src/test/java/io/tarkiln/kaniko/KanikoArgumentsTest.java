package io.tarkiln.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.RunInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KanikoArgumentsTest {
  private final BuildId build = BuildId.next();

  @Test
  void are_those_of_the_documentation_in_its_order() {
    KanikoArguments arguments =
        arguments("registry.example/ci", Optional.of("mirror.example:5000"), List.of());

    assertThat(arguments.of(run(Map.of(), Optional.empty(), true, true)))
        .filteredOn(argument -> !argument.startsWith("--ignore-path="))
        .containsExactly(
            "--dockerfile=/kaniko/tarkiln/Dockerfile",
            "--context=tar:///kaniko/tarkiln/context.tar.gz",
            "--context-sub-path=source/services/api",
            "--no-push",
            "--tar-path=/kaniko/tarkiln/image.tar",
            "--registry-mirror=mirror.example:5000",
            "--snapshot-mode=full",
            "--ignore-var-run=false",
            "--compressed-caching=false",
            "--cache=true",
            "--cache-run-layers",
            "--cache-repo=registry.example/ci/kaniko-cache/shop-api");
  }

  @Test
  void leave_the_mirror_out_when_it_is_off_or_unset() {
    KanikoRun off = run(Map.of(), Optional.empty(), true, false);
    KanikoRun on = run(Map.of(), Optional.empty(), true, true);

    assertThat(arguments("r.example", Optional.of("mirror.example"), List.of()).of(off))
        .noneMatch(argument -> argument.startsWith("--registry-mirror"));
    assertThat(arguments("r.example", Optional.empty(), List.of()).of(on))
        .noneMatch(argument -> argument.startsWith("--registry-mirror"));
  }

  @Test
  void switch_the_cache_off() {
    assertThat(
            arguments("r.example", Optional.empty(), List.of())
                .of(run(Map.of(), Optional.empty(), false, true)))
        .contains("--cache=false");
  }

  @Test
  void hold_each_build_argument_as_it_is_in_one_argument() {
    Map<String, String> hostile =
        Map.of("B", "$(rm -rf /); `id` \"x\" 'y' && z", "A", "two words\nand a line");

    assertThat(
            arguments("r.example", Optional.empty(), List.of())
                .of(run(hostile, Optional.of("final"), true, true)))
        .endsWith(
            "--build-arg=A=two words\nand a line",
            "--build-arg=B=$(rm -rf /); `id` \"x\" 'y' && z",
            "--target=final");
  }

  @Test
  void name_the_registries_that_are_plain_http_and_leave_all_others_on_tls() {
    List<String> arguments =
        arguments("r.example", Optional.empty(), List.of("localhost:5000", "harbor.local"))
            .of(run(Map.of(), Optional.empty(), true, true));

    assertThat(arguments)
        .endsWith("--insecure-registry=localhost:5000", "--insecure-registry=harbor.local")
        .doesNotContain("--insecure", "--insecure-pull");
  }

  @Test
  void point_at_the_archives_folder_itself_when_the_context_is_the_root() {
    RunInput root = new RunInput("s", ".", "Dockerfile", "d", Map.of(), Optional.empty());

    assertThat(
            arguments("r.example", Optional.empty(), List.of())
                .of(SampleRuns.of(build, "api", root, true, true)))
        .contains("--context-sub-path=source");
  }

  @Test
  void keep_whiteouts_of_cached_layers_from_becoming_files() {
    assertThat(
            arguments("r.example", Optional.empty(), List.of())
                .of(run(Map.of(), Optional.empty(), true, true)))
        .contains("--ignore-path=/.wh.*", "--ignore-path=/*/*/*/.wh.*");
  }

  @Test
  void bring_the_fast_snapshots_back_where_they_are_asked_for() {
    KanikoSettings fast =
        new KanikoSettings("r.example", Optional.empty(), List.of(), Snapshots.FAST);

    assertThat(new KanikoArguments(fast).of(run(Map.of(), Optional.empty(), true, true)))
        .containsSequence("--snapshot-mode=time", "--use-new-run")
        .doesNotContain("--snapshot-mode=full");
  }

  private static KanikoArguments arguments(
      String cacheRepository, Optional<String> mirror, List<String> plainHttp) {
    return new KanikoArguments(
        new KanikoSettings(cacheRepository, mirror, plainHttp, Snapshots.FULL));
  }

  private KanikoRun run(
      Map<String, String> arguments, Optional<String> target, boolean cache, boolean mirror) {
    return SampleRuns.of(
        build,
        "api",
        SampleRuns.input(build, "sources/shop/x.tar.gz", arguments, target),
        cache,
        mirror);
  }
}
