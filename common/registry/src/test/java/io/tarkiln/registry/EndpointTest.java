package io.tarkiln.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.registry.error.RegistryUnavailableException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final RegistrySettings SETTINGS =
      new RegistrySettings(Set.of("localhost:5000"), new DockerConfig(Path.of("none")));
  private final Endpoint secure = endpoint("harbor.example.com");
  private final Endpoint plain = endpoint("localhost:5000");

  @Test
  void speaks_plain_http_only_where_told_to() {
    assertThat(secure.base()).hasToString("https://harbor.example.com");
    assertThat(plain.base()).hasToString("http://localhost:5000");
    assertThat(endpoint("localhost").base()).hasToString("https://localhost");
    assertThat(endpoint("docker.io").base()).hasToString("https://registry-1.docker.io");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://harbor.example.com/v2/",
        "https://harbor.example.com:443/v2/",
        "https://HARBOR.example.com/x"
      })
  void knows_its_own_addresses(String uri) {
    assertThat(secure.isOurs(URI.create(uri))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://harbor.example.com/v2/",
        "https://harbor.example.com:8443/v2/",
        "https://harbor.example.com.evil.example/",
        "https://evil.example/harbor.example.com",
        "https://harbor.example.com@evil.example/"
      })
  void takes_no_other_address_for_its_own(String uri) {
    assertThat(secure.isOurs(URI.create(uri))).isFalse();
  }

  @Test
  void resolves_what_an_answer_names() throws Exception {
    URI from = URI.create("https://harbor.example.com/v2/shop/api/blobs/uploads/");

    assertThat(secure.resolve(from, "/v2/x?_state=a%3D"))
        .hasToString("https://harbor.example.com/v2/x?_state=a%3D");
    assertThat(secure.resolve(from, "https://s3.example/x")).hasToString("https://s3.example/x");
  }

  @Test
  void stays_with_tls_where_a_registry_behind_a_proxy_forgets_it() throws Exception {
    assertThat(secure.resolve(secure.base(), "http://harbor.example.com/v2/x?_state=a%3D"))
        .hasToString("https://harbor.example.com/v2/x?_state=a%3D");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://evil.example/", "file:///etc/passwd", "ftp://x/y", "::", "mailto:x"})
  void follows_no_address_without_tls(String location) {
    assertThatThrownBy(() -> secure.resolve(secure.base(), location))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  private static Endpoint endpoint(String registry) {
    return Endpoint.of(new ImageReference(registry, "shop/api", "1"), SETTINGS);
  }
}
