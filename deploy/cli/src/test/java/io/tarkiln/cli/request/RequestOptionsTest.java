package io.tarkiln.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class RequestOptionsTest {
  private static final String NEEDED =
      "--workload shop --tag 1.4.0 --repository https://git.example/shop.git";

  @TempDir private Path folder;

  @Command
  private static final class Holder {
    @Mixin private RequestOptions options;
  }

  private static BuildRequested request(Map<String, String> environment, String options)
      throws CliException {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(options.split(" "));
    return holder.options.request(environment);
  }

  private static BuildRequested request(String options) throws CliException {
    return request(Map.of(), options);
  }

  @Test
  void describe_a_whole_build() throws Exception {
    BuildRequested request =
        request(
            NEEDED
                + " --revision v1 --extra-tag latest --extra-tag stable"
                + " --service api=services/api --service web=.:docker/web.Dockerfile"
                + " --build-arg api:URL=http://x:1/?a=b --build-arg api:EMPTY="
                + " --target web:runtime --no-cache");

    assertThat(request.workload()).isEqualTo("shop");
    assertThat(request.tag()).isEqualTo("1.4.0");
    assertThat(request.extraTags()).containsExactly("latest", "stable");
    assertThat(request.source().repository()).isEqualTo("https://git.example/shop.git");
    assertThat(request.source().revision()).isEqualTo("v1");
    assertThat(request.cache()).isFalse();
    assertThat(request.mirror()).isTrue();
    assertThat(request.serviceNames()).containsExactly("api", "web");
    assertThat(request.services().get(0).context()).isEqualTo("services/api");
    assertThat(request.services().get(0).buildArgs())
        .containsExactlyInAnyOrderEntriesOf(Map.of("URL", "http://x:1/?a=b", "EMPTY", ""));
    assertThat(request.services().get(1).dockerfile()).isEqualTo("docker/web.Dockerfile");
    assertThat(request.services().get(1).target()).contains("runtime");
  }

  @Test
  void take_the_default_branch_the_cache_and_the_mirror_when_nothing_is_given() throws Exception {
    BuildRequested request = request(NEEDED + " --service api=.");

    assertThat(request.source().revision()).isEqualTo("HEAD");
    assertThat(request.cache()).isTrue();
    assertThat(request.mirror()).isTrue();
    assertThat(request.services().get(0).dockerfile()).isEqualTo("Dockerfile");
  }

  @ParameterizedTest
  @CsvSource({"false,off", "0,off", "No,off", "OFF,off", "true,on", "1,on", "'',on", "' ',on"})
  void take_switches_from_the_environment(String value, String state) throws Exception {
    BuildRequested request =
        request(Map.of("USE_CACHE", value, "USE_MIRROR", value), NEEDED + " --service api=.");

    assertThat(request.cache()).isEqualTo(state.equals("on"));
    assertThat(request.mirror()).isEqualTo(state.equals("on"));
  }

  @Test
  void take_a_folder_for_a_file_address() throws Exception {
    String options = "--workload shop --tag 1 --service api=. --repository " + folder;

    assertThat(request(options).source().repository()).isEqualTo("file://" + folder);
  }

  @Test
  void come_from_a_file_and_win_over_it() throws Exception {
    Path file =
        yaml(
            """
            workload: shop
            tag: "1"
            extra-tags: [latest]
            repository: https://git.example/shop.git
            revision: main
            cache: false
            services:
              - {name: api, context: services/api, build-args: {VERSION: "1"}}
              - {name: web, context: ., target: runtime, retag-from: "0"}
            """);

    BuildRequested request =
        request("--file " + file + " --tag 2 --build-arg api:VERSION=2 --build-arg api:MORE=x");

    assertThat(request.tag()).isEqualTo("2");
    assertThat(request.extraTags()).containsExactly("latest");
    assertThat(request.source().revision()).isEqualTo("main");
    assertThat(request.cache()).isFalse();
    assertThat(request.services().get(0).buildArgs())
        .containsExactlyInAnyOrderEntriesOf(Map.of("VERSION", "2", "MORE", "x"));
    assertThat(request.services().get(1).target()).contains("runtime");
    assertThat(request.services().get(1).retagFrom()).contains("0");
  }

  @Test
  void take_unchanged_images_for_all_services_or_for_those_that_a_file_names() throws Exception {
    Path file =
        yaml(
            """
            workload: shop
            tag: "1"
            repository: https://git.example/shop.git
            concurrency: main
            services:
              - {name: api, context: services/api, auto: true}
              - {name: web, context: services/web}
            """);

    BuildRequested some = request("--file " + file);
    BuildRequested all = request("--file " + file + " --auto --concurrency branch-7");
    BuildRequested none = request(NEEDED + " --service api=.");

    assertThat(some.services()).extracting(s -> s.auto()).containsExactly(true, false);
    assertThat(some.concurrency()).contains("main");
    assertThat(all.services()).allMatch(s -> s.auto());
    assertThat(all.concurrency()).contains("branch-7");
    assertThat(none.services()).noneMatch(s -> s.auto());
    assertThat(none.concurrency()).isEmpty();
    assertThat(all.alone().concurrency()).isEmpty();
  }

  static Stream<Map<String, String>> ciEnvironments() {
    return Stream.of(
        Map.of(
            "GITHUB_SERVER_URL", "https://git.example",
            "GITHUB_REPOSITORY", "shop/api",
            "GITHUB_SHA", "0123abcd",
            "GITHUB_REF_NAME", "feature/x"),
        Map.of(
            "CI_PROJECT_URL", "https://git.example/shop/api",
            "CI_COMMIT_SHA", "0123abcd",
            "CI_COMMIT_REF_SLUG", "feature-x"));
  }

  @ParameterizedTest
  @MethodSource("ciEnvironments")
  void take_from_the_ci_job_what_is_not_given(Map<String, String> environment) throws Exception {
    BuildRequested request = request(environment, "--workload shop --service api=.");

    assertThat(request.source().repository()).isEqualTo("https://git.example/shop/api.git");
    assertThat(request.source().revision()).isEqualTo("0123abcd");
    assertThat(request.tag()).isEqualTo("feature-x");
    assertThat(request(environment, "--workload shop --service api=. --tag 2").tag())
        .isEqualTo("2");
  }

  static List<List<String>> refs() {
    String letters = "x".repeat(130);
    return List.of(
        List.of("GITHUB_REF_NAME", "feature/x", "feature-x"),
        List.of("GITHUB_REF_NAME", "..v1.0+build", "v1.0-build"),
        List.of("GITHUB_REF_NAME", "-/" + letters, letters.substring(2)),
        List.of("CI_COMMIT_TAG", "v1.0+build", "v1.0-build"),
        List.of("CI_COMMIT_TAG", letters, letters.substring(2)),
        List.of("CI_COMMIT_REF_SLUG", "feature-x", "feature-x"),
        List.of("CI_COMMIT_REF_NAME", "\u00e4pfel/x", "pfel-x"));
  }

  @ParameterizedTest
  @MethodSource("refs")
  void make_a_tag_of_what_the_ci_job_is_for(List<String> variableValueAndTag) throws Exception {
    Map<String, String> environment =
        Map.of(variableValueAndTag.get(0), variableValueAndTag.get(1));

    BuildRequested request =
        request(environment, "--workload shop --service api=. --repository https://x/y");

    assertThat(request.tag()).isEqualTo(variableValueAndTag.get(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GITHUB_REF_NAME", "CI_COMMIT_TAG", "CI_COMMIT_REF_NAME"})
  void refuse_to_make_a_tag_of_nothing(String variable) {
    Map<String, String> environment = Map.of(variable, "\u65e5\u672c", "CI_COMMIT_REF_SLUG", "");

    assertThatThrownBy(
            () -> request(environment, "--workload shop --service api=. --repository https://x/y"))
        .isInstanceOf(CliException.class)
        .hasMessage(
            "the job's branch or tag '\u65e5\u672c' has no letter or digit for an image tag:"
                + " give --tag");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tag 1 --repository https://x/y --service api=.                   | --workload",
        "--workload shop --repository https://x/y --service api=.           | --tag",
        "--workload shop --tag 1 --service api=.                            | --repository",
        "--workload shop --tag 1 --repository https://x/y                   | --service",
        "--workload Shop --tag 1 --repository https://x/y --service api=.   | Shop",
        "--workload shop --tag a:b --repository https://x/y --service api=. | a:b",
        "--workload shop --tag 1 --repository https://x/y --service api=../x | ../x",
        "--workload shop --tag 1 --repository https://x/y --service api=. --build-arg K=V"
            + " | SERVICE:K=V",
        "--workload shop --tag 1 --repository https://x/y --service api=. --build-arg api:K"
            + " | SERVICE:K=V",
        "--workload shop --tag 1 --repository https://x/y --service api=. --target web:x | web",
      })
  void refuse_what_cannot_be_built_and_name_it(String options, String named) {
    assertThatThrownBy(() -> request(options))
        .isInstanceOfSatisfying(CliException.class, wrong -> assertThat(wrong.exit()).isEqualTo(2))
        .hasMessageContaining(named)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://me:s3cret@git.example/shop.git",
        "HTTPS://s3cret@git.example/shop.git",
        "ssh://me:s3cret@git.example/shop.git"
      })
  void keep_accounts_out_of_events(String repository) {
    assertThatThrownBy(
            () -> request("--workload shop --tag 1 --service api=. --repository " + repository))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("TARKILN_GIT_CREDENTIALS")
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssh://git@git.example/shop.git", "git@git.example:shop.git"})
  void let_the_user_of_ssh_pass(String repository) throws Exception {
    assertThat(
            request("--workload shop --tag 1 --service api=. --repository " + repository)
                .source()
                .repository())
        .isEqualTo(repository);
  }

  static List<List<String>> wrongFiles() {
    return List.of(
        List.of("workloads: shop\n", "line 1: there is no key 'workloads' here; there are auto, "),
        List.of("services: [", "line 1: not YAML"),
        List.of("services:\n  - {name: api, args: {}}\n", "line 2: there is no key 'args'"),
        List.of("tag: a\n\ntag: b\n", "line 3: 'tag' is there twice"),
        List.of("services:\n  - {name: a, build-args: {V: 1, V: 2}}\n", "line 2: 'V' is there"),
        List.of("tag: a\n---\ntag: b\n", "line 3: a second document"),
        List.of("tag: a\nservices:\n\t- {name: a}\n", "line 3: not YAML: found character"),
        List.of("tag: [a]\n", "line 1: 'tag' must be text"),
        List.of("tag: a\nextra-tags: b\n", "line 2: 'extra-tags' must be a list"),
        List.of("extra-tags: [{}]\n", "line 1: each of 'extra-tags' must be text"),
        List.of("cache: maybe\n", "line 1: 'cache' must be true or false"),
        List.of("services: {name: a}\n", "line 1: 'services' must be a list"),
        List.of("services:\n  - api\n", "line 2: each of 'services' must be keys with values"),
        List.of("services:\n  - {context: .}\n", "line 2: the service has no 'name'"),
        List.of("services: [{name: a, build-args: [V]}]\n", "'build-args' must be keys"),
        List.of("services: [{name: a, build-args: {V: [1]}}]\n", "line 1: 'V' must be text"),
        List.of("services: [{name: a, build-args: {<<: {V: 1}}}]\n", "line 1: '<<' must be text"),
        List.of("tag: *gone\n", "line 1: not YAML: found undefined alias"),
        List.of("- tag\n", "line 1: the file must be keys with values"),
        List.of("tag: a\nrevision: 'a\0b'\n", "line 2: not YAML: it has the character U+0000"),
        List.of("", "nothing in it"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void refuse_a_file_that_is_wrong(List<String> textAndNamed) throws IOException {
    Path file = yaml(textAndNamed.get(0));

    assertThatThrownBy(() -> request("--file " + file))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("tarkiln.yaml")
        .hasMessageContaining(textAndNamed.get(1))
        .hasMessageNotContainingAny("\n", "java", "Exception", "io.tarkiln");
  }

  @Test
  void take_from_a_file_what_its_aliases_stand_for() throws Exception {
    Path file =
        yaml(
            """
            workload: &w shop
            tag: "1"
            repository: https://git.example/shop.git
            services:
              - {name: *w, build-args: &args {V: &v 1.10, W: *v, N: , NULL: null, YES: yes}}
              - {name: web, build-args: *args}
            """);

    BuildRequested request = request("--file " + file);

    assertThat(request.serviceNames()).containsExactly("shop", "web");
    assertThat(request.services())
        .allSatisfy(
            service ->
                assertThat(service.buildArgs())
                    .containsExactlyInAnyOrderEntriesOf(
                        Map.of("V", "1.10", "W", "1.10", "N", "", "NULL", "", "YES", "yes")));
  }

  @Test
  void take_keys_without_values_as_not_given() throws Exception {
    Path file =
        yaml("workload: shop\ntag:\ncache:\nextra-tags:\nservices: [{name: api, context: }]\n");

    BuildRequested request = request("--tag 2 --repository https://x/y --file " + file);

    assertThat(request.tag()).isEqualTo("2");
    assertThat(request.cache()).isTrue();
    assertThat(request.services().get(0).context()).isEqualTo(".");
  }

  @Test
  void refuse_a_file_that_is_not_there() {
    assertThatThrownBy(() -> request("--file " + folder.resolve("none.yaml")))
        .hasMessageContaining("none.yaml")
        .hasMessageContaining("not there");
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("tarkiln.yaml"), text);
  }
}
