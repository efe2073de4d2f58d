package io.tarkiln.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameSyntaxTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "shop", "web-2", "0day"})
  void takes_dns_labels_as_names(String name) {
    assertThat(NameSyntax.name("service", name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-a", "a-", "Shop", "a_b", "a.b", "a/b", "../a", "a b", "a\n", "$(id)", "é"})
  void refuses_other_names_and_says_what_to_write(String name) {
    assertThatThrownBy(() -> NameSyntax.name("service", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("service '")
        .hasMessageContaining("lower-case letters");
  }

  @Test
  void refuses_names_of_more_than_63_characters() {
    assertThat(NameSyntax.name("service", "a".repeat(63))).hasSize(63);
    assertThatThrownBy(() -> NameSyntax.name("service", "a".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.4.0", "latest", "_x", "v1-rc.1", "A"})
  void takes_oci_tags(String tag) {
    assertThat(NameSyntax.tag("tag", tag)).isEqualTo(tag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".x", "-x", "a:b", "a/b", "a b", "a@b"})
  void refuses_other_tags(String tag) {
    assertThatThrownBy(() -> NameSyntax.tag("tag", tag))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    ".,.",
    "./,.",
    "services/api,services/api",
    "./services//api/.,services/api",
    "...,...",
    "a..b,a..b"
  })
  void normalizes_paths(String written, String normal) {
    assertThat(NameSyntax.path("context", written)).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "..", "a/../b", "../x", "a\\b", "a/\0/b"})
  void refuses_paths_that_lead_out(String path) {
    assertThatThrownBy(() -> NameSyntax.path("context", path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("context");
  }

  @Test
  void quotes_no_control_characters_and_no_long_texts() {
    String hostile = "x\u001b[31m" + "y".repeat(1000);

    assertThatThrownBy(() -> NameSyntax.name("service", hostile))
        .hasMessageNotContaining("\u001b")
        .satisfies(broken -> assertThat(broken.getMessage()).hasSizeLessThan(300));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sources/shop/4f2c.tar.gz",
        "builds/0190b7c0-0000-7000-8000-000000000000/api/image.tar",
        "a"
      })
  void keys_of_objects_are_as_we_write_them(String key) {
    assertThat(NameSyntax.key("key", key)).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a/../b", "/a", "a//b", "a\\b", "a\nb", "a\0", "\u540d"})
  void other_keys_are_not(String key) {
    assertThatThrownBy(() -> NameSyntax.key("key", key)).hasMessageContaining("key");
  }

  @Test
  void a_key_has_a_bounded_length() {
    assertThat(NameSyntax.key("key", "k".repeat(1023))).hasSize(1023);
    assertThatThrownBy(() -> NameSyntax.key("key", "k".repeat(1025))).hasMessageContaining("key");
  }
}
