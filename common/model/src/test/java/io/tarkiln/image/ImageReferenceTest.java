package io.tarkiln.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "harbor.example.com/shop/api:1.4.0, harbor.example.com, shop/api, 1.4.0",
    "localhost:5000/shop/api, localhost:5000, shop/api, latest",
    "127.0.0.1:5000/a--b/c_d/e.f__g:V1_x, 127.0.0.1:5000, a--b/c_d/e.f__g, V1_x",
    "[::1]:5000/shop:1, [::1]:5000, shop, 1"
  })
  void reads_host_repository_and_tag(String text, String registry, String repository, String tag) {
    assertThat(ImageReference.parse(text)).isEqualTo(new ImageReference(registry, repository, tag));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop",
        "host/",
        "host/Shop",
        "host/shop:",
        "host/shop:-1",
        "host/../shop",
        "host//shop",
        "host/shop?x=y",
        "host/shop:1/2",
        "https://host/shop",
        "user@host/shop",
        "host/shop\n",
        "host/a..b",
        "host/a___b",
        "host/a._b",
        "host/a-_b",
        "host:0/shop",
        "host:65536/shop",
        "localhost:99999/shop",
        "[::1]:99999/shop"
      })
  void refuses_what_is_no_reference_with_a_host(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageReference.parse(text))
        .withMessageContaining("is not an image reference");
  }

  @Test
  void is_written_as_it_is_read() {
    ImageReference image = ImageReference.parse("localhost:5000/shop/api:1");

    assertThat(image).hasToString("localhost:5000/shop/api:1");
    assertThat(image.withTag("2")).hasToString("localhost:5000/shop/api:2");
    assertThat(image.name()).isEqualTo("localhost:5000/shop/api");
  }

  @ParameterizedTest
  @CsvSource({
    "harbor.example.com/shop/api:1@sha256:aa, harbor.example.com/shop/api:1",
    "harbor.example.com/shop/api@sha256:aa, harbor.example.com/shop/api:latest",
    "localhost:5000/shop/api:1, localhost:5000/shop/api:1"
  })
  void reads_a_base_image_without_the_digest_it_is_pinned_to(String name, String image) {
    assertThat(ImageReference.named(name)).contains(ImageReference.parse(image));
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpine", "alpine:3.20", "@sha256:aa", "host/Shop", "host/a//b"})
  void a_base_image_without_a_registry_names_none_of_ours(String name) {
    assertThat(ImageReference.named(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "alpine@sha256:aa, sha256:aa",
    "host/shop/api:1@sha256:aa, sha256:aa",
    "@sha256:aa,",
    "alpine:3.20,"
  })
  void knows_the_digest_that_a_name_is_pinned_to(String name, String digest) {
    assertThat(ImageReference.pinnedDigest(name)).isEqualTo(Optional.ofNullable(digest));
  }
}
