package io.tarkiln.kaniko.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void takes_colours_and_padding_away() throws IOException {
    assertThat(lines("\u001b[36mINFO\u001b[0m[0000] COPY gosh /bin/sh      \n"))
        .containsExactly("INFO[0000] COPY gosh /bin/sh");
  }

  @Test
  void keeps_the_last_of_what_a_progress_bar_drew() throws IOException {
    assertThat(lines("10%\r50%\r100%\r\nnext")).containsExactly("100%", "next");
  }

  @Test
  void lets_no_control_character_through_to_a_terminal() throws IOException {
    assertThat(lines("a\u001b]0;title\u0007b\u0000\tc\n").get(0))
        .doesNotContainPattern("[\\x00-\\x08\\x1b]");
  }

  @Test
  void breaks_lines_without_end() throws IOException {
    List<String> lines = lines("x".repeat(40_000));

    assertThat(lines).hasSize(3);
    assertThat(String.join("", lines)).hasSize(40_000);
  }

  @Test
  void keeps_empty_lines_and_survives_bytes_that_are_no_text() throws IOException {
    assertThat(lines("a\n\nb\n")).containsExactly("a", "", "b");
    List<String> lines = new ArrayList<>();
    LineReader.read(new ByteArrayInputStream(new byte[] {(byte) 0xff, '\n'}), lines::add);
    assertThat(lines).containsExactly("\ufffd");
  }

  private static List<String> lines(String output) throws IOException {
    List<String> lines = new ArrayList<>();
    LineReader.read(new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)), lines::add);
    return lines;
  }
}
