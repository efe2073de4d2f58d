package io.tarkiln.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.cli.Cli;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.TokenService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor says of the accounts that builds have at registries. */
@Tag("server")
class DoctorAccountTest {
  @TempDir private Path folder;

  @Test
  void is_content_with_tokens_that_are_limited_and_live_long_enough() throws Exception {
    try (TokenService tokens = new TokenService("builds", "secret", (name, action) -> true);
        RegistryServer registry = tokens.registry(folder.resolve("registry"), "127.0.0.1")) {
      tokens.live(Duration.ofMinutes(30));
      assertThat(doctor(registry.address(), Map.of()))
          .containsPattern("ok +accounts +127.* gives tokens: .*good for 1800 s");

      tokens.live(Duration.ofMinutes(1));
      assertThat(doctor(registry.address(), Map.of()))
          .containsPattern("warn +accounts +127.* good for 60 s")
          .contains("let tokens live as long as builds take");

      tokens.beGenerous();
      assertThat(doctor(registry.address(), Map.of()))
          .containsPattern("warn +accounts +127.* good for more than they were asked for");
    }
  }

  @Test
  void says_what_a_registry_without_tokens_means() throws Exception {
    try (ScriptedServer passwords =
        new ScriptedServer(
            request -> Answer.of(401).with("WWW-Authenticate", "Basic realm=\"x\""))) {
      assertThat(doctor(passwords.address(), Map.of()))
          .containsPattern("warn +accounts +127.* builds use it without an account")
          .contains("TARKILN_ACCOUNTS_IN_BUILDS=true");
      assertThat(doctor(passwords.address(), Map.of("TARKILN_ACCOUNTS_IN_BUILDS", "true")))
          .containsPattern("warn +accounts +127.* can read the account");
    }
  }

  private String doctor(String registry, Map<String, String> more) throws Exception {
    Path accounts =
        Files.writeString(
            folder.resolve("config.json"),
            "{\"auths\":{\"%s\":{\"username\":\"builds\",\"password\":\"secret\"}}}"
                .formatted(registry));
    Map<String, String> variables = new HashMap<>(more);
    variables.put("KAFKA_BOOTSTRAP_SERVERS", "localhost:1");
    variables.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1");
    variables.put("TARKILN_REGISTRY", registry);
    variables.put("TARKILN_KANIKO_DOCKER_CONFIG", accounts.toString());
    Cli.configure(variables);
    return Cli.run("doctor").out();
  }
}
