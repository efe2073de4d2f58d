package io.tarkiln.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("tarkiln.yaml"), text);
  }
}
