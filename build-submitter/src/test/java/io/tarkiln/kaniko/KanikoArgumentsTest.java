package io.tarkiln.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildInput;
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
        .containsExactly(
            "--dockerfile=/workspace/services/api/Dockerfile",
            "--context=dir:///workspace/services/api",
            "--no-push",
            "--tar-path=/tmp/api.tar",
            "--registry-mirror=mirror.example:5000",
            "--snapshot-mode=time",
            "--use-new-run",
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
  void point_at_the_workspace_itself_when_the_context_is_the_root() {
    BuildInput root = new BuildInput("s", ".", "Dockerfile", "d", Map.of(), Optional.empty());

    assertThat(
            arguments("r.example", Optional.empty(), List.of())
                .of(Runs.of(build, "api", root, true, true)))
        .startsWith("--dockerfile=/workspace/Dockerfile", "--context=dir:///workspace");
  }

  private static KanikoArguments arguments(
      String cacheRepository, Optional<String> mirror, List<String> plainHttp) {
    return new KanikoArguments(new KanikoSettings(cacheRepository, mirror, plainHttp));
  }

  private KanikoRun run(
      Map<String, String> arguments, Optional<String> target, boolean cache, boolean mirror) {
    return Runs.of(
        build, "api", Runs.input(build, "sources/shop/x.tar.gz", arguments, target), cache, mirror);
  }
}
