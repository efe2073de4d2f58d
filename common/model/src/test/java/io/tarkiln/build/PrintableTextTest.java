package io.tarkiln.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {
  @Test
  void a_name_shows_where_a_control_character_was() {
    assertThat(PrintableText.of("shop\n\u001b[31mapi\u007f é")).isEqualTo("shop??[31mapi? é");
  }

  @Test
  void a_long_name_is_cut_visibly() {
    assertThat(PrintableText.of("abc\n", 4)).isEqualTo("abc?");
    assertThat(PrintableText.of("abc\ndef", 4)).isEqualTo("abc?...");
  }

  @Test
  void bytes_without_a_charset_are_shown_as_ascii() {
    assertThat(PrintableText.ascii("é\u0000\u0085a", 10)).isEqualTo("???a");
    assertThat(PrintableText.ascii("abcd", 3)).isEqualTo("abc...");
  }

  @Test
  void a_sentence_keeps_its_words_apart() {
    assertThat(PrintableText.sentence("no\tsuch\nproject")).isEqualTo("no such project");
  }
}
