package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitAddressTest {
  private static final GitSettings CLUSTER = settings(Set.of());

  private static GitSettings settings(Set<String> hosts) {
    return new GitSettings(
        Path.of("cache"),
        hosts,
        Set.of("plain.example"),
        false,
        Optional.empty(),
        Path.of("ssh"),
        Optional.empty(),
        Duration.ofSeconds(1),
        1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://git.example/shop.git",
        "ssh://git@git.example:2222/shop.git",
        "git@git.example:team/shop.git",
        "http://plain.example/shop.git"
      })
  void takes_addresses_of_git_hosts(String text) throws Exception {
    assertThat(GitAddress.of(text, CLUSTER).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "file:///etc, NOT_ALLOWED, TARKILN_GIT_ALLOW_FILE",
    "/etc, NOT_ALLOWED, https",
    "../shop, NOT_ALLOWED, https",
    "http://git.example/shop.git, NOT_ALLOWED, TARKILN_GIT_PLAIN_HTTP_HOSTS",
    "git://git.example/shop.git, NOT_ALLOWED, https",
    "ftp://git.example/shop.git, NOT_ALLOWED, https",
    "ext::sh -c id, BAD_REQUEST, address",
    "--upload-pack=id, BAD_REQUEST, address",
    "ssh://-oProxyCommand=id/shop, BAD_REQUEST, host",
    "https://user:secret@git.example/shop.git, BAD_REQUEST, TARKILN_GIT_CREDENTIALS",
    "https://token@git.example/shop.git, BAD_REQUEST, TARKILN_GIT_CREDENTIALS",
    "https:///shop.git, BAD_REQUEST, ''",
  })
  void refuses_all_others_and_says_what_to_do(String text, Reason reason, String hint) {
    RejectedException refused =
        catchThrowableOfType(RejectedException.class, () -> GitAddress.of(text, CLUSTER));

    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageContaining(hint).hasMessageNotContaining("secret");
  }

  @Test
  void keeps_to_the_hosts_that_are_allowed() throws Exception {
    GitSettings one = settings(Set.of("git.example"));

    assertThat(GitAddress.of("https://git.example/a", one).uri().getHost())
        .isEqualTo("git.example");
    assertThat(
            catchThrowableOfType(
                RejectedException.class, () -> GitAddress.of("https://other.example/a", one)))
        .hasMessageContaining("other.example is not in TARKILN_GIT_HOSTS");
  }
}
