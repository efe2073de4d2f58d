package io.tarkiln.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.cli.view.EventText;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void leaves_nothing_that_moves_a_terminal() {
    assertThat(Printable.line("\u001b[31mred\u001b[0m \u001b[2Jx\u0007\ry\u001b]0;t\u0007"))
        .doesNotContain("\u001b", "\u0007", "\r")
        .startsWith("red x");
  }

  @Test
  void cuts_to_a_width() {
    assertThat(Printable.line("0123456789", 10)).isEqualTo("0123456789");
    assertThat(Printable.line("0123456789a", 10)).isEqualTo("0123456...");
  }

  @Test
  void tells_sizes_in_a_fitting_unit() {
    assertThat(EventText.size(0)).isEqualTo("0.0 kB");
    assertThat(EventText.size(12_345)).isEqualTo("12.3 kB");
    assertThat(EventText.size(30_100_000)).isEqualTo("30.1 MB");
  }
}
