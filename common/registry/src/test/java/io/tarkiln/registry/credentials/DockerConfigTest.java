package io.tarkiln.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.registry.error.RegistryUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigTest {
  private static final String HOST = "harbor.example.com";
  private static final String REPOSITORY = "shop/api";

  @TempDir Path folder;

  @Test
  void knows_nobody_without_a_file_or_an_entry() throws Exception {
    assertThat(new DockerConfig(folder).of(HOST, REPOSITORY)).isEmpty();

    assertThat(config("{\"auths\":{\"other.example\":{\"auth\":\"YTpi\"}}}").of(HOST, REPOSITORY))
        .isEmpty();
    assertThat(config("{\"auths\":{\"harbor.example.com\":{}}}").of(HOST, REPOSITORY)).isEmpty();
    assertThat(config("{}").of(HOST, REPOSITORY)).isEmpty();
  }

  @Test
  void reads_user_and_password_in_one() throws Exception {
    // robot$shop:pass:word
    String json =
        "{\"auths\":{\"harbor.example.com\":{\"auth\":\"cm9ib3Qkc2hvcDpwYXNzOndvcmQ=\"}}}";

    assertThat(config(json).of(HOST, REPOSITORY))
        .contains(new Credentials("robot$shop", "pass:word", ""));
  }

  @Test
  void reads_user_and_password_apart_and_identity_tokens() throws Exception {
    assertThat(
            config(
                    "{\"auths\":{\"harbor.example.com\":{\"username\":\"u\",\"password\":\"p\","
                        + "\"identitytoken\":\"t\"}}}")
                .of(HOST, REPOSITORY))
        .contains(new Credentials("u", "p", "t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://harbor.example.com",
        "https://harbor.example.com/",
        "https://harbor.example.com/v1/",
        "https://harbor.example.com/v2/",
        "https://harbor.example.com/v2",
        "http://harbor.example.com",
        "http://harbor.example.com/v2/",
        "harbor.example.com/",
        "HARBOR.example.com",
        "harbor.example.com/shop",
        "harbor.example.com/shop/api",
        "harbor.example.com/elsewhere"
      })
  void finds_a_host_written_as_an_address(String key) throws Exception {
    assertThat(
            config("{\"auths\":{\"%s\":{\"auth\":\"YTpi\"}}}".formatted(key)).of(HOST, REPOSITORY))
        .contains(new Credentials("a", "b", ""));
  }

  @Test
  void finds_docker_hub_under_its_old_address() throws Exception {
    DockerConfig config =
        config("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"YTpi\"}}}");

    assertThat(config.of("docker.io", "library/alpine")).contains(new Credentials("a", "b", ""));
    assertThat(config.of("index.docker.io.example.com", REPOSITORY)).isEmpty();
  }

  @Test
  void takes_the_key_that_is_nearest_to_the_repository() throws Exception {
    DockerConfig config =
        config(
            """
            {"auths": {
              "harbor.example.com/shopping": {"auth": "bjo0"},
              "https://harbor.example.com/v2/": {"auth": "bjoz"},
              "harbor.example.com": {"auth": "bjoy"},
              "harbor.example.com/shop": {"auth": "bjox"},
              "harbor.example.com/shop/api": {"auth": "bjow"}}}
            """);

    assertThat(config.of(HOST, "shop/api")).contains(new Credentials("n", "0", ""));
    assertThat(config.of(HOST, "shop/web")).contains(new Credentials("n", "1", ""));
    assertThat(config.of(HOST, "shopping/api")).contains(new Credentials("n", "4", ""));
    assertThat(config.of(HOST, "other/api")).contains(new Credentials("n", "2", ""));
    assertThat(config.of(HOST + ":8443", "shop/api")).isEmpty();
  }

  @Test
  void takes_a_bearer_token_and_an_auth_over_several_lines() throws Exception {
    assertThat(
            config("{\"auths\":{\"%s\":{\"registrytoken\":\"abc\"}}}".formatted(HOST))
                .of(HOST, REPOSITORY))
        .contains(new Credentials("", "", "", "abc"));
    assertThat(
            config("{\"auths\":{\"%s\":{\"auth\":\"YT\\npi\\r\\n\"}}}".formatted(HOST))
                .of(HOST, REPOSITORY))
        .contains(new Credentials("a", "b", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"auth\":\"\"}", "{\"email\":\"me@example.com\"}", "{}"})
  void takes_an_entry_without_an_account_for_none(String entry) throws Exception {
    assertThat(config("{\"auths\":{\"%s\":%s}}".formatted(HOST, entry)).of(HOST, REPOSITORY))
        .isEmpty();
    assertThatThrownBy(
            () ->
                config(
                        "{\"auths\":{\"%s\":%s},\"credsStore\":\"no-such-one\"}"
                            .formatted(HOST, entry))
                    .of(HOST, REPOSITORY))
        .hasMessageContaining("docker-credential-no-such-one");
  }

  @Test
  void takes_an_empty_helper_for_none() throws Exception {
    String json =
        "{\"auths\":{\"%1$s\":{\"auth\":\"YTpi\"}},\"credHelpers\":{\"%1$s\":\"\"},\"credsStore\":\"\"}";

    assertThat(config(json.formatted(HOST)).of(HOST, REPOSITORY))
        .contains(new Credentials("a", "b", ""));
  }

  @Test
  void asks_stores_for_docker_hub_by_the_name_that_docker_login_uses() {
    assertThat(new RegistryKeys("docker.io", "library/alpine").serverName())
        .isEqualTo("https://index.docker.io/v1/");
    assertThat(new RegistryKeys(HOST, REPOSITORY).serverName()).isEqualTo(HOST);
  }

  @Test
  void reads_the_file_anew_every_time() throws Exception {
    DockerConfig config = config("{\"auths\":{\"harbor.example.com\":{\"auth\":\"YTpi\"}}}");
    assertThat(config.of(HOST, REPOSITORY)).contains(new Credentials("a", "b", ""));

    config("{\"auths\":{\"harbor.example.com\":{\"auth\":\"YTpj\"}}}");

    assertThat(config.of(HOST, REPOSITORY)).contains(new Credentials("a", "c", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cret",
        "{\"auths\":{\"harbor.example.com\":{\"auth\":\"s3cret!\"}}}",
        "{\"auths\": s3cret}"
      })
  void says_that_it_cannot_read_a_broken_file_without_quoting_it(String json) {
    assertThatThrownBy(() -> config(json).of(HOST, REPOSITORY))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void says_which_helper_is_missing_and_never_runs_an_odd_one() {
    assertThatThrownBy(() -> config("{\"credsStore\":\"no-such-one\"}").of(HOST, REPOSITORY))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("docker-credential-no-such-one");
    assertThatThrownBy(
            () ->
                config("{\"credHelpers\":{\"%s\":\"../x\"}}".formatted(HOST)).of(HOST, REPOSITORY))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("odd characters");
  }

  @Test
  void asks_a_helper_by_its_protocol() throws Exception {
    CredentialHelper helper =
        helper(
            """
            [ "$1" = get ] && read -r host
            printf '{"ServerURL":"%s","Username":"of %s","Secret":"word"}' "$host" "$host"
            """);

    assertThat(helper.get(HOST)).contains(new Credentials("of " + HOST, "word", ""));
  }

  @Test
  void takes_a_token_from_a_helper_and_nothing_from_one_that_fails() throws Exception {
    assertThat(helper("echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}'").get(HOST))
        .contains(new Credentials("", "", "refresh"));
    assertThat(helper("echo 'credentials not found in native keychain'; exit 1").get(HOST))
        .isEmpty();
    assertThatThrownBy(() -> helper("echo s3cret").get(HOST))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void credentials_show_no_secret() {
    assertThat(new Credentials("u", "s3cret", "t0ken").toString()).isEqualTo("Credentials[user=u]");
  }

  private DockerConfig config(String json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
    return new DockerConfig(folder);
  }

  private CredentialHelper helper(String script) throws IOException {
    Path program = Files.createTempFile(folder, "docker-credential-", "");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new CredentialHelper("test", program.toString());
  }
}
