package io.tarkiln.git.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitAddressTest {
  private static final HostPolicy CLUSTER = hosts(Set.of());

  private static HostPolicy hosts(Set<String> hosts) {
    return new HostPolicy(new GitSettings.Reach(hosts, Set.of("plain.example"), false, true));
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
    "https://git.example/acme/../other/shop.git, BAD_REQUEST, ..",
    "https://git.example/acme/%2e%2e/other/shop.git, BAD_REQUEST, %",
  })
  void refuses_all_others_and_says_what_to_do(String text, Reason reason, String hint) {
    RejectedException refused =
        catchThrowableOfType(RejectedException.class, () -> GitAddress.of(text, CLUSTER));

    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageContaining(hint).hasMessageNotContaining("secret");
  }

  @Test
  void keeps_to_the_hosts_that_are_allowed() throws Exception {
    HostPolicy one = hosts(Set.of("git.example"));

    assertThat(GitAddress.of("https://git.example/a", one).uri().getHost())
        .isEqualTo("git.example");
    assertThat(
            catchThrowableOfType(
                RejectedException.class, () -> GitAddress.of("https://other.example/a", one)))
        .hasMessageContaining("other.example is not in TARKILN_GIT_HOSTS");
  }

  @ParameterizedTest
  @CsvSource({
    "https://git.example/acme/shop.git, ../lib.git, https://git.example/acme/lib.git",
    "https://git.example/acme/shop, ../../x/lib, https://git.example/x/lib",
    "https://git.example/acme/shop, ./lib, https://git.example/acme/shop/lib",
    "git@git.example:acme/shop.git, ../lib.git, git@git.example:acme/lib.git",
    "ssh://git@git.example:2222/acme/shop.git, ../lib.git, ssh://git@git.example:2222/acme/lib.git",
    "https://git.example/acme/shop.git, https://git.example/o/lib, https://git.example/o/lib",
  })
  void resolves_the_addresses_of_submodules(String from, String written, String address)
      throws Exception {
    assertThat(GitAddress.of(from, CLUSTER).resolve(written, CLUSTER).text()).isEqualTo(address);
  }

  @Test
  void lets_no_submodule_out_of_its_host_or_into_this_machine() throws Exception {
    HostPolicy withFiles = new HostPolicy(new GitSettings.Reach(Set.of(), Set.of(), true, true));
    GitAddress shop = GitAddress.of("https://git.example/acme/shop.git", withFiles);

    for (String written :
        List.of("../../../../lib", "file:///etc", "/etc", "-u./payload", "ext::sh -c id")) {
      assertThat(
              catchThrowableOfType(RejectedException.class, () -> shop.resolve(written, withFiles)))
          .as(written)
          .isNotNull();
    }
  }
}
