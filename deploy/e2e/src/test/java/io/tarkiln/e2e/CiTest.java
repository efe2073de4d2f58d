package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The templates for CI, their steps run the way a runner runs them. */
@Tag("e2e")
class CiTest {
  @TempDir static Path folder;
  @RegisterExtension static final Stack stack = Stack.ofClass();
  private static GitRepository shop;

  @BeforeAll
  static void makeRepository() throws Exception {
    shop =
        GitRepository.in(folder.resolve("acme/shop.git"))
            .file(
                "tarkiln.yaml",
                "workload: shop\nservices:\n  - {name: api, context: api}\n"
                    + "  - {name: web, context: web}\n")
            .file("api/Dockerfile", "FROM alpine:3.20\nCOPY Dockerfile /one\n")
            .file("web/Dockerfile", "FROM alpine:3.20\nCOPY Dockerfile /web\n")
            .committed();
  }

  @Test
  void the_github_action_builds_what_changed() throws Exception {
    Path first = checkout("github-first");
    String before = shop.git("rev-parse", "HEAD");
    Program.Ended one = github(first, Map.of("tag", "one"));
    shop.file("api/Dockerfile", "FROM alpine:3.20\nCOPY Dockerfile /two\n").commit();

    Path second = checkout("github-second");
    Program.Ended two = github(second, Map.of("changed-since", before, "retag-from", "one"));

    assertThat(one.exit()).as(one.out()).isZero();
    assertThat(two.exit()).as(two.out()).isZero();
    assertThat(two.out()).contains("build-finished", "not built, tag one again");
    ImagePuller registry = new ImagePuller(stack.registry());
    String api = registry.digest("shop/api", "feature-x");
    String web = registry.digest("shop/web", "feature-x");
    assertThat(web).isEqualTo(registry.digest("shop/web", "one"));
    assertThat(api).isNotEqualTo(registry.digest("shop/api", "one"));
    assertThat(Files.readString(second.resolve("summary")))
        .contains("shop:feature-x succeeded in ", api, web, "| service | image | digest |");
  }

  @Test
  void the_gitlab_job_shows_why_a_build_failed() throws Exception {
    GitRepository broken =
        GitRepository.in(folder.resolve("acme/broken.git"))
            .file("tarkiln.yaml", "workload: broken\nservices:\n  - {name: app}\n")
            .file("Dockerfile", "FROM alpine:3.20\nRUN echo no such luck && false\n")
            .committed();

    Path folder = checkout(broken, "gitlab-broken");
    Program.Ended ran = gitlab(folder, "broken", broken.git("rev-parse", "HEAD"));

    assertThat(ran.exit()).as(ran.out()).isEqualTo(1);
    assertThat(ran.out()).contains("| no such luck").doesNotContain("::error");
    assertThat(Files.readString(folder.resolve("tarkiln-summary.md")))
        .contains("broken:main failed", "no such luck", "no image");
  }

  @Test
  void the_gitlab_job_builds_images() throws Exception {
    Path folder = checkout("gitlab");
    Program.Ended ran = gitlab(folder, "shop", shop.git("rev-parse", "HEAD"));

    assertThat(ran.exit()).as(ran.out()).isZero();
    assertThat(Files.readString(folder.resolve("tarkiln-summary.md")))
        .contains(
            "shop:main succeeded", new ImagePuller(stack.registry()).digest("shop/api", "main"));
  }

  @ParameterizedTest
  @CsvSource({
    "username,ci,TARKILN_KAFKA_PASSWORD",
    "password,s3cret,TARKILN_KAFKA_USER",
    "token-url,https://id.example/token,TARKILN_KAFKA_USER",
    "retag-from,1,TARKILN_CHANGED_SINCE",
    "file,none.yaml,none.yaml",
    "timeout,soon,soon",
    "auto,maybe,TARKILN_AUTO"
  })
  void say_in_a_sentence_what_is_wrong(String input, String value, String named) throws Exception {
    Program.Ended ran = github(checkout("wrong-" + input), Map.of(input, value));

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out()).contains(named).doesNotContain("s3cret").doesNotContain("\tat ");
  }

  /** By GitLab's CI/CD YAML syntax reference; its own schema was asked once, see CONTRIBUTING. */
  @Test
  void gitlab_knows_all_that_its_template_says() throws Exception {
    JsonNode template = new YAMLMapper().readTree(ci("gitlab/tarkiln.yml").toFile());

    assertThat(names(template)).containsExactly(".tarkiln");
    JsonNode job = template.get(".tarkiln");
    assertThat(names(job)).containsExactlyInAnyOrder("image", "variables", "script", "artifacts");
    assertThat(names(job.get("image"))).containsExactlyInAnyOrder("name", "entrypoint");
    assertThat(job.get("variables")).allMatch(JsonNode::isTextual);
    assertThat(job.get("script")).allMatch(JsonNode::isTextual);
    assertThat(names(job.get("artifacts"))).containsExactlyInAnyOrder("when", "paths", "expose_as");
    assertThat(job.at("/artifacts/when").asText()).isIn("on_success", "on_failure", "always");
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void the_github_action_shows_why_a_build_failed() throws Exception {
    GitRepository broken =
        GitRepository.in(folder.resolve("acme/failing.git"))
            .file("tarkiln.yaml", "workload: failing\nservices:\n  - {name: app}\n")
            .file("Dockerfile", "FROM alpine:3.20\nRUN echo no such luck && false\n")
            .committed();

    Path workspace = checkout(broken, "github-failing");
    Program.Ended ran = github("failing", broken, workspace, Map.of());

    assertThat(ran.exit()).as(ran.out()).isEqualTo(1);
    assertThat(ran.out())
        .contains("| no such luck")
        .containsPattern("(?m)^::error title=tarkiln::failed at .*service app: build-failed");
    assertThat(Files.readString(workspace.resolve("summary")))
        .contains("failed", "no such luck", "no image");
  }

  @Test
  void actionlint_has_nothing_to_say() throws Exception {
    Path workflows = Files.createDirectories(folder.resolve("lint/.github/workflows"));
    Path action = Files.createDirectories(folder.resolve("lint/action"));
    Files.copy(ci("github/action.yml"), action.resolve("action.yml"));
    String example = Files.readString(ci("github/example.yml"));
    // As a local action, its inputs are checked, too.
    Files.writeString(
        workflows.resolve("images.yml"),
        example.replace("acme/tarkiln/deploy/ci/github@main", "./action"));
    GitRepository.in(folder.resolve("lint"));

    Program.Ended ran =
        run(
            folder.resolve("lint"),
            Map.of(),
            List.of(GoTools.provide("actionlint").toString(), "-no-color"));

    assertThat(ran.exit()).as(ran.out()).isZero();
  }

  /** A clone of one commit, as runners make it. */
  private static Path checkout(String name) throws IOException {
    return checkout(shop, name);
  }

  private static Path checkout(GitRepository of, String name) throws IOException {
    Path clone = folder.resolve("runner").resolve(name);
    of.git("clone", "--quiet", "--depth", "1", of.url(), clone.toString());
    return clone;
  }

  /** Runs the action's steps with the inputs as the runner fills them in. */
  private static Program.Ended github(Path workspace, Map<String, String> with) throws Exception {
    return github("shop", shop, workspace, with);
  }

  private static Program.Ended github(
      String project, GitRepository repository, Path workspace, Map<String, String> with)
      throws Exception {
    JsonNode action = new YAMLMapper().readTree(ci("github/action.yml").toFile());
    Map<String, String> inputs = new HashMap<>();
    action
        .get("inputs")
        .properties()
        .forEach(input -> inputs.put(input.getKey(), input.getValue().path("default").asText("")));
    inputs.put("kafka", stack.kafka());
    inputs.putAll(with);
    Map<String, String> environment = new HashMap<>();
    environment.put("GITHUB_ACTIONS", "true");
    environment.put("GITHUB_ACTION_PATH", ci("github").toString());
    environment.put("GITHUB_SERVER_URL", "file://" + folder);
    environment.put("GITHUB_REPOSITORY", "acme/" + project);
    environment.put("GITHUB_REF_NAME", "feature/x");
    environment.put("GITHUB_SHA", repository.git("rev-parse", "HEAD"));
    environment.put("GITHUB_STEP_SUMMARY", workspace.resolve("summary").toString());
    JsonNode step = action.at("/runs/steps/0");
    step.get("env")
        .properties()
        .forEach(
            variable -> {
              String expression = variable.getValue().asText();
              String name = expression.replaceAll("\\$\\{\\{ inputs\\.([a-z-]+) }}", "$1");
              assertThat(inputs).containsKey(name);
              environment.put(variable.getKey(), inputs.get(name));
            });
    return bash(workspace, environment, step.get("run").asText());
  }

  /** Runs the job's script; what it clones has this checkout's script and launcher. */
  private static Program.Ended gitlab(Path workspace, String project, String commit)
      throws Exception {
    Path source = folder.resolve("source-" + workspace.getFileName());
    GitRepository tarkiln =
        GitRepository.in(source)
            .file("deploy/ci/build", Files.readString(ci("build")))
            .link("deploy/tarkiln", GoTools.home().resolve("deploy/tarkiln").toString());
    assertThat(source.resolve("deploy/ci/build").toFile().setExecutable(true)).isTrue();
    tarkiln.commit();
    JsonNode job = new YAMLMapper().readTree(ci("gitlab/tarkiln.yml").toFile()).get(".tarkiln");
    Map<String, String> environment = new HashMap<>();
    job.get("variables")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    environment.put("TARKILN_SOURCE", tarkiln.url());
    environment.put("KAFKA_BOOTSTRAP_SERVERS", stack.kafka());
    environment.put("GITLAB_CI", "true");
    environment.put("CI_PROJECT_URL", "file://" + folder.resolve("acme").resolve(project));
    environment.put("CI_COMMIT_SHA", commit);
    environment.put("CI_COMMIT_REF_SLUG", "main");
    String script =
        StreamSupport.stream(job.get("script").spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining("\n"));
    return bash(workspace, environment, script);
  }

  private static Program.Ended bash(Path workspace, Map<String, String> environment, String script)
      throws IOException, InterruptedException {
    Path file = Files.writeString(Files.createTempFile(folder, "step", ".sh"), script);
    return run(
        workspace,
        environment,
        List.of("bash", "--noprofile", "--norc", "-eo", "pipefail", file.toString()));
  }

  private static Program.Ended run(
      Path workspace, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    return Program.of(command)
        .in(workspace)
        .without("(GITHUB|CI)_.*")
        .with(environment)
        .merged()
        .run();
  }

  /** A file of the templates. */
  private static Path ci(String file) throws IOException {
    return GoTools.home().resolve("deploy/ci").resolve(file);
  }
}
