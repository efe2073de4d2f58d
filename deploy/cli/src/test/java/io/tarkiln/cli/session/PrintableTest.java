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
  void leaves_nothing_that_reverses_text_or_is_a_control_character_of_eight_bits() {
    assertThat(Printable.line("a\u009b31mb\u0085c\u202ed\u2066e")).isEqualTo("ab c d e");
  }

  @Test
  void leaves_no_command_of_github_actions_in_its_jobs_and_all_text_elsewhere() {
    assertThat(Printable.line("::set-output name=a::b", true)).isEqualTo(": :set-output name=a::b");
    assertThat(Printable.line(" \u2003\r\t::add-mask::x", true)).doesNotMatch("[\\s\\p{Z}]*::.*");
    assertThat(Printable.line("web | ##[add-mask]x", true)).isEqualTo("web | ## [add-mask]x");
    assertThat(Printable.line("a::b", true)).isEqualTo("a::b");
    assertThat(Printable.line("::std ##[x]", false)).isEqualTo("::std ##[x]");
  }

  @Test
  void takes_the_first_line_of_a_failure() {
    assertThat(Printable.line(new IllegalStateException("no\u001b[2J way\nat all")))
        .isEqualTo("no way");
    assertThat(Printable.line(new IllegalStateException())).isEqualTo("IllegalStateException");
  }

  @Test
  void cuts_to_a_width() {
    assertThat(Printable.line("0123456789", 10)).isEqualTo("0123456789");
    assertThat(Printable.line("0123456789a", 10)).isEqualTo("0123456...");
  }

  @Test
  void shows_sizes_in_a_fitting_unit() {
    assertThat(EventText.size(0)).isEqualTo("0.0 kB");
    assertThat(EventText.size(12_345)).isEqualTo("12.3 kB");
    assertThat(EventText.size(30_100_000)).isEqualTo("30.1 MB");
  }
}
