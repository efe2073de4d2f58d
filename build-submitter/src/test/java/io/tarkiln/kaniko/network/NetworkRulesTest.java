package io.tarkiln.kaniko.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkRulesTest {
  private static final String SYSTEMD =
      """
      nameserver 127.0.0.53
      options edns0 trust-ad
      search example.com
      """;

  @Test
  void open_first_what_is_reachable_and_close_private_ranges_after_it() {
    NetworkRules rules =
        NetworkRules.of(Set.of(new Destination("10.1.2.3", List.of(5000))), new ResolverFile(""));

    assertThat(rules.ipv4())
        .startsWith("rule add pref 100 to 10.1.2.3 ipproto tcp dport 5000 lookup main")
        .contains(
            "rule add pref 200 to 10.0.0.0/8 prohibit",
            "rule add pref 200 to 169.254.0.0/16 prohibit",
            "rule add pref 200 to 168.63.129.16/32 prohibit");
    assertThat(rules.ipv6()).contains("rule add pref 200 to fc00::/7 prohibit");
    assertThat(rules.loopbackPorts()).isEmpty();
  }

  @Test
  void bring_ports_of_loopback_to_the_namespaces_own() {
    NetworkRules rules =
        NetworkRules.of(
            Set.of(
                new Destination("localhost", List.of(5000)),
                new Destination("127.0.0.1", List.of(3128))),
            new ResolverFile(""));

    assertThat(rules.loopbackPorts()).containsExactly(3128, 5000);
    assertThat(rules.ipv4()).noneMatch(rule -> rule.contains("5000"));
  }

  @Test
  void open_resolvers_for_names_alone() {
    assertThat(NetworkRules.of(Set.of(), new ResolverFile("nameserver 10.0.0.53\n")).ipv4())
        .startsWith(
            "rule add pref 100 to 10.0.0.53 ipproto udp dport 53 lookup main",
            "rule add pref 100 to 10.0.0.53 ipproto tcp dport 53 lookup main");
    assertThat(NetworkRules.of(Set.of(), new ResolverFile(SYSTEMD)).ipv4())
        .startsWith("rule add pref 100 to 192.0.0.3 ipproto udp dport 53 lookup main");
  }

  @Test
  void a_resolver_on_loopback_is_reached_by_an_address_that_is_forwarded() {
    assertThat(new ResolverFile(SYSTEMD).inside())
        .isEqualTo(SYSTEMD.replace("127.0.0.53", "192.0.0.3"));
    assertThat(new ResolverFile("nameserver 9.9.9.9\n").inside()).isEqualTo("nameserver 9.9.9.9\n");
  }

  @Test
  void localhost_means_ipv4() {
    assertThat(
            ResolverFile.hosts("127.0.0.1 localhost\n127.0.1.1 box\n::1 localhost ip6-loopback\n"))
        .isEqualTo("127.0.0.1\tlocalhost\n127.0.0.1 localhost\n127.0.1.1 box\n");
  }
}
