package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinksTest {
  @ParameterizedTest
  @CsvSource({
    "a, b, b",
    "d/a, b, d/b",
    "d/a, ../b, b",
    "d/a, .., .",
    "d/e/a, ../../x/./y, x/y",
    "d/a, b/../../c, c",
  })
  void follows_links_within_the_repository(String path, String target, String end) {
    assertThat(Links.resolve(path, target)).contains(end);
  }

  @ParameterizedTest
  @CsvSource({"a, /etc/passwd", "a, ..", "d/a, ../../b", "a, b/../../c", "a, ''"})
  void knows_links_that_lead_out(String path, String target) {
    assertThat(Links.resolve(path, target)).isEmpty();
  }
}
