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
        "ssh://git@[::1]:2222/shop.git",
        "ssh://git@[FE80::A]/shop.git",
        "https://[2001:db8::1]/shop.git",
        "git@[::1]:team/shop.git",
        "https://dev.azure.com/o/My%20Project/_git/r",
        "https://git.example/%C3%BC/%c3%a4.git",
        "https://git.example/a%40b%3Ac%23d.git",
        "git@ssh.dev.azure.com:v3/o/My%20Project/r",
        "https://git_server.internal/shop.git",
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
    "https://git.example/acme%2Fother/shop.git, BAD_REQUEST, %",
    "https://git.example/%61cme/shop.git, BAD_REQUEST, %",
    "https://git.example/acme/%5C/shop.git, BAD_REQUEST, %",
    "https://git.example/acme/%252e/shop.git, BAD_REQUEST, %",
    "https://git.example/acme/%0Ashop.git, BAD_REQUEST, %",
    "https://git.example/acme/100%, BAD_REQUEST, ''",
    "https://git.example/acme/my shop.git, BAD_REQUEST, address",
    "ext::[::1], BAD_REQUEST, address",
    "fd::17, BAD_REQUEST, address",
  })
  void refuses_all_others_and_says_what_to_do(String text, Reason reason, String hint) {
    RejectedException refused =
        catchThrowableOfType(RejectedException.class, () -> GitAddress.of(text, CLUSTER));

    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageContaining(hint).hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssh://git@[::1]/a", "https://[::1]:8443/a", "git@[::1]:a"})
  void knows_addresses_of_ipv6_with_brackets_and_without(String text) throws Exception {
    assertThat(GitAddress.of(text, hosts(Set.of("::1"))).text()).isEqualTo(text);
    assertThat(GitAddress.of(text, hosts(Set.of("[::1]"))).text()).isEqualTo(text);
    assertThat(
            catchThrowableOfType(
                RejectedException.class, () -> GitAddress.of(text, hosts(Set.of("::2")))))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "file:///home/me/my shop, /home/me/my shop",
    "file:///home/me/my%20shop, /home/me/my shop",
    "file:///home/me/lädchen, /home/me/lädchen",
    "file:///home/me/100%25, /home/me/100%",
  })
  void takes_folders_of_any_name_where_folders_are_allowed(String text, String path)
      throws Exception {
    HostPolicy withFiles = new HostPolicy(new GitSettings.Reach(Set.of(), Set.of(), true, true));

    assertThat(GitAddress.of(text, withFiles).uri().getPath()).isEqualTo(path);
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
    "https://git.example/acme/shop.git, https://me@git.example/o/lib, https://git.example/o/lib",
    "https://git.example/acme/shop.git, ssh://me@git.example/o/lib, ssh://me@git.example/o/lib",
    "ssh://git@[::1]:2222/acme/shop.git, ../lib.git, ssh://git@[::1]:2222/acme/lib.git",
    "git@[::1]:acme/shop.git, ../lib.git, git@[::1]:acme/lib.git",
    "https://dev.azure.com/o/My%20Project/_git/r, ../lib,"
        + " https://dev.azure.com/o/My%20Project/_git/lib",
    "git@git.example:shop.git, ../lib.git, git@git.example:lib.git",
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
