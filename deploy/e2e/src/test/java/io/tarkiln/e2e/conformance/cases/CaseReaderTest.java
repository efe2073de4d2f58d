package io.tarkiln.e2e.conformance.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How cases are written: README.md beside them says the same for people. */
class CaseReaderTest {
  private static final String HEAD = "=== one\nsource: ours: a test\n";

  @Test
  void reads_keys_files_and_what_the_second_build_finds() {
    ConformanceCase one =
        only(
            """
            # comment

            === one
            source: https://example.org/1
            row: 7
            sample: yes
            arg: A=1
            second-arg: A=2
            target: last
            --- Dockerfile
            FROM busybox

            --- "d/with space" executable
            text
            --- l link=../d
            --- second d/b from=l
            --- second gone deleted
            """);

    assertThat(one.source()).isEqualTo("https://example.org/1");
    assertThat(one.row()).contains(7);
    assertThat(one.isSample()).isTrue();
    assertThat(one.arguments()).containsEntry("A", "1");
    assertThat(one.secondArguments()).containsEntry("A", "2");
    assertThat(one.dockerfileText()).isEqualTo("FROM busybox\n");
    assertThat(one.first())
        .extracting(CaseFile::name)
        .containsExactly("Dockerfile", "d/with space", "l");
    assertThat(one.second().get(0).renamedFrom()).contains("l");
    assertThat(one.second().get(1).deleted()).isTrue();
    assertThat(one.isBuiltTwice()).isTrue();
  }

  @Test
  void names_are_bytes() {
    CaseFile file = only(HEAD + "--- d/caf\\xe9\nx\n").first().get(0);

    assertThat(file.path().getBytes(StandardCharsets.ISO_8859_1)).endsWith(0xe9);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("FROM busybox\n", "topic.txt line 1: a case begins with '=== name'"),
        Arguments.of("=== Upper\n", "topic.txt line 1: a name has small letters"),
        Arguments.of("=== one\n--- Dockerfile\n", "a case needs a source"),
        Arguments.of(HEAD, "the case one has no file"),
        Arguments.of(HEAD + "sorce: x\n", "topic.txt line 3: no key 'sorce'"),
        Arguments.of(HEAD + "sample: no\n", "'no' is not 'yes'"),
        Arguments.of(HEAD + "arg: A\n", "write NAME=value"),
        Arguments.of(HEAD + "--- f executble\n", "no mark 'executble' for a file"),
        Arguments.of(HEAD + "--- f.tar tar\nfil 1\n", "'fil' is no entry of an archive"),
        Arguments.of(
            HEAD + "--- f\n" + HEAD + "--- f\n", "topic.txt line 6: the name one comes twice"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("faults")
  void says_what_is_wrong_and_where(String text, String message) {
    assertThatThrownBy(() -> CaseReader.read("topic", text)).hasMessageContaining(message);
  }

  private static ConformanceCase only(String text) {
    List<ConformanceCase> cases = CaseReader.read("topic", text);
    assertThat(cases).hasSize(1);
    return cases.get(0);
  }
}
