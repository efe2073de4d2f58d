package io.tarkiln.kaniko;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KanikoSettingsTest {
  @Test
  void come_from_variables() {
    KanikoSettings settings =
        of(
            Map.of(
                "TARKILN_REGISTRY", "harbor.example/team",
                "TARKILN_KANIKO_MIRROR", "mirror.example",
                "TARKILN_PLAIN_HTTP_REGISTRIES", "localhost:5000, [::1]:5000"));

    assertThat(settings.cacheRepository()).isEqualTo("harbor.example/team");
    assertThat(settings.mirror()).contains("mirror.example");
    assertThat(settings.plainHttpRegistries()).containsExactly("localhost:5000", "[::1]:5000");
  }

  @Test
  void have_no_mirror_when_it_says_so() {
    assertThat(of(Map.of("TARKILN_KANIKO_MIRROR", "NOMIRROR")).mirror()).isEmpty();
  }

  @Test
  void refuse_a_mirror_with_a_path_and_name_the_variable() {
    assertThatThrownBy(() -> of(Map.of("TARKILN_KANIKO_MIRROR", "harbor.example/dockerhub-proxy")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TARKILN_KANIKO_MIRROR")
        .hasMessageContaining("harbor.example/dockerhub-proxy");
  }

  private static KanikoSettings of(Map<String, String> variables) {
    return KanikoSettings.of(Settings.of(variables));
  }
}
