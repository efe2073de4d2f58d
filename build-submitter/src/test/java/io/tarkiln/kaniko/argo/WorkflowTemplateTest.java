package io.tarkiln.kaniko.argo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.build.BuildId;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.event.RunInput;
import io.tarkiln.event.json.Json;
import io.tarkiln.kaniko.KanikoArguments;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import io.tarkiln.kaniko.SampleRuns;
import io.tarkiln.kaniko.Snapshots;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.kaniko.argo.api.WorkflowManifests;
import io.tarkiln.kaniko.launch.LauncherSettings;
import io.tarkiln.kaniko.output.LogLimits;
import io.tarkiln.pipeline.StageSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Argo's own code validates the template and our Workflows, and substitutes the parameters. */
@Tag("server")
class WorkflowTemplateTest {
  private static final KanikoSettings PLAIN =
      new KanikoSettings("harbor.example.com/cache", Optional.empty(), List.of(), Snapshots.FULL);

  private static final Map<String, String> HARD_TO_QUOTE =
      Map.of(
          "QUOTED", "a \"b\" 'c' \\d",
          "SHELL", "$(id) `id` ; rm -rf / && $HOME",
          "LINES", "one\ntwo\ttab",
          "EMPTY", "",
          "BRACES", "{x} }} {\"a\": {\"b\": 1}}",
          "FLAG", "--destination=evil.example/x",
          "SCRIPTS", "é 漢 \u0007 = %s \\u007b");

  @TempDir Path folder;

  @Test
  void argo_makes_of_it_just_the_arguments_that_every_engine_gives() throws Exception {
    KanikoSettings everything =
        new KanikoSettings(
            "harbor.example.com/cache",
            Optional.of("mirror.example.com:5000"),
            List.of("one.example:80", "two.example", "three.example", "four.example"),
            Snapshots.FAST);
    Map<String, String> most =
        IntStream.range(0, WorkflowManifests.MAX_BUILD_ARGUMENTS)
            .boxed()
            .collect(Collectors.toMap(i -> "A" + i, i -> "value " + i));
    List<Case> cases =
        List.of(
            new Case(PLAIN, "services/api", Map.of(), Optional.empty(), true, true),
            new Case(PLAIN, ".", Map.of("A", "b"), Optional.of("test"), false, false),
            new Case(everything, "a b/ü", most, Optional.of("it's \"the\" last"), true, true),
            new Case(everything, "services/api", HARD_TO_QUOTE, Optional.empty(), true, false));

    List<JsonNode> rendered = render(cases);

    for (int i = 0; i < cases.size(); i++) {
      List<String> arguments = new ArrayList<>();
      rendered.get(i).get("args").forEach(each -> arguments.add(each.asText()));
      List<String> expected = new KanikoArguments(cases.get(i).settings()).of(cases.get(i).run());
      // One --no-push more says nothing new.
      assertThat(arguments).contains("--no-push");
      arguments.removeIf("--no-push"::equals);
      assertThat(arguments)
          .containsExactlyInAnyOrderElementsOf(
              expected.stream().filter(each -> !each.equals("--no-push")).toList());
    }
  }

  @Test
  void shows_addresses_of_s3_to_those_who_carry_and_never_to_what_a_build_runs() throws Exception {
    Case only = new Case(PLAIN, "services/api", Map.of(), Optional.empty(), true, true);

    JsonNode rendered = render(List.of(only)).get(0);

    assertThat(rendered.at("/command/0").asText()).isEqualTo(KanikoArguments.FILES + "/busybox");
    assertThat(rendered.get("secrets"))
        .hasSize(3)
        .allSatisfy(secret -> assertThat(secret.asText()).isEqualTo(only.run().name()));
    assertThat(texts(rendered.at("/mounts/main")))
        .containsExactlyInAnyOrder(
            "files:" + KanikoArguments.FILES,
            "files:/kaniko/said",
            "docker-config:/kaniko/.docker");
    assertThat(texts(rendered.at("/mounts/fetch")))
        .containsExactlyInAnyOrder("files:/files", "source-addresses:/addresses");
    assertThat(texts(rendered.at("/mounts/upload")))
        .containsExactlyInAnyOrder("files:/files", "tar-address:/addresses");
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  @Test
  void puts_files_where_kaniko_is_told_that_they_are() throws Exception {
    String template =
        Files.readString(GoTools.home().resolve("deploy/argo/cluster-workflow-template.yaml"));

    for (String file :
        List.of(
            KanikoArguments.CONTEXT,
            KanikoArguments.DOCKERFILE,
            KanikoArguments.DOCKERIGNORE,
            KanikoArguments.IMAGE_TAR)) {
      assertThat(file).startsWith(KanikoArguments.FILES + "/");
      assertThat(template)
          .containsPattern("[ /]" + file.substring(KanikoArguments.FILES.length() + 1) + "\\n?");
    }
  }

  @Test
  void names_the_kaniko_version_that_everything_is_tested_with() throws Exception {
    Path home = GoTools.home();
    String module = Files.readString(home.resolve("deploy/local/tools/kaniko/go.mod"));
    String template = Files.readString(home.resolve("deploy/argo/cluster-workflow-template.yaml"));
    String image = LauncherSettings.DEFAULT_IMAGE;

    assertThat(module)
        .contains(
            "require github.com/GoogleContainerTools/kaniko "
                + image.substring(image.indexOf(':') + 1));
    assertThat(template)
        .contains("\n        image: " + image + "\n", "\n          image: " + image + "-debug\n");
    assertThat(Files.readString(home.resolve("build-submitter/README.md"))).contains(image);
  }

  private record Case(
      KanikoSettings settings,
      String context,
      Map<String, String> buildArgs,
      Optional<String> target,
      boolean cache,
      boolean mirror) {
    private static final BuildId BUILD = BuildId.next();

    KanikoRun run() {
      RunInput plain = SampleRuns.input(BUILD, "sources/shop/x.tar.gz", buildArgs, target);
      RunInput input =
          new RunInput(
              plain.sourceKey(),
              context,
              plain.dockerfile(),
              plain.dockerfileKey(),
              buildArgs,
              target);
      return SampleRuns.of(BUILD, cache ? "api" : "api-v2", input, cache, mirror);
    }
  }

  private List<JsonNode> render(List<Case> cases) throws Exception {
    Path lint = GoTool.build(GoTools.home().resolve("deploy/argo/lint"), folder.resolve("lint"));
    List<String> arguments = new ArrayList<>();
    arguments.add(GoTools.home().resolve("deploy/argo/cluster-workflow-template.yaml").toString());
    for (Case each : cases) {
      Path file = folder.resolve("workflow-" + arguments.size() + ".json");
      Files.writeString(
          file, new WorkflowManifests(settings(), each.settings()).of(each.run()).toString());
      arguments.add(file.toString());
    }
    List<JsonNode> rendered = new ArrayList<>();
    for (String line : GoTool.run(folder, GoTool.command(lint, arguments)).lines().toList()) {
      rendered.add(Json.mapper().readTree(line));
    }
    return rendered;
  }

  private ArgoSettings settings() {
    Duration any = Duration.ofMinutes(1);
    return new ArgoSettings(
        "builds",
        "tarkiln-kaniko",
        1,
        1,
        any,
        new StageSettings(1, 1, any, any, any, any, any),
        any,
        any,
        any,
        any,
        folder,
        new LogLimits(1, 1));
  }
}
