package io.tarkiln.kaniko.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.kaniko.network.NetworkSettings.Choice;
import io.tarkiln.settings.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSettingsTest {
  @Test
  void reach_every_registry_that_is_named_at_its_port_alone() {
    NetworkSettings settings =
        of(
            Map.of(
                "TARKILN_REGISTRY", "harbor.example.com/team",
                "TARKILN_CACHE_REPO", "10.1.2.3:5000",
                "TARKILN_KANIKO_MIRROR", "mirror.example.com:8443",
                "TARKILN_PROXY_PROJECTS",
                    "docker.io=proxy.example.com/dockerhub,ghcr.io=[fd00::5]:5001/x",
                "TARKILN_PLAIN_HTTP_REGISTRIES", "10.1.2.3:5000"));

    assertThat(settings.reachable())
        .containsExactlyInAnyOrder(
            new Destination("harbor.example.com", List.of(443, 80)),
            new Destination("10.1.2.3", List.of(5000)),
            new Destination("mirror.example.com", List.of(8443)),
            new Destination("proxy.example.com", List.of(443, 80)),
            new Destination("fd00::5", List.of(5001)));
  }

  @Test
  void reach_what_is_named_and_the_http_proxies_of_the_environment() {
    NetworkSettings settings =
        of(
            Map.of(
                "TARKILN_BUILD_REACHES", "10.9.0.0/16, nexus.example.com:8081, localhost:3129",
                "https_proxy", "http://user:secret@127.0.0.1:3128/",
                "HTTP_PROXY", "proxy.example.com"));

    assertThat(settings.reachable())
        .contains(
            new Destination("10.9.0.0/16", List.of()),
            new Destination("nexus.example.com", List.of(8081)),
            new Destination("localhost", List.of(3129)),
            new Destination("127.0.0.1", List.of(3128)),
            new Destination("proxy.example.com", List.of(80)));
  }

  @Test
  void say_which_network_builds_get() {
    assertThat(of(Map.of()).choice()).isEqualTo(Choice.HOST);
    assertThat(of(Map.of("TARKILN_BUILD_NETWORK", "auto")).choice())
        .isEqualTo(Choice.OWN_IF_POSSIBLE);
    assertThat(of(Map.of("TARKILN_BUILD_NETWORK", "own")).choice()).isEqualTo(Choice.OWN);
    assertThat(of(Map.of("TARKILN_BUILD_NETWORK", "host")).choice()).isEqualTo(Choice.HOST);
    assertThatThrownBy(() -> of(Map.of("TARKILN_BUILD_NETWORK", "none")))
        .hasMessageContaining("write own, auto or host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://nexus",
        "a b",
        "10.0.0.0/8/9",
        "x:99999",
        "localhost",
        "127.0.0.1",
        "$(id)"
      })
  void refuse_what_is_no_place(String place) {
    assertThatThrownBy(() -> of(Map.of("TARKILN_BUILD_REACHES", place)))
        .hasMessageContaining("TARKILN_BUILD_REACHES");
  }

  private static NetworkSettings of(Map<String, String> variables) {
    return NetworkSettings.of(Settings.of(variables));
  }
}
