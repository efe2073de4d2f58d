package io.tarkiln.dockerignore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that people write; that all others mean the same as for Docker is held elsewhere. */
class IgnoreFileTest {
  /** Lines are set apart by semicolons, and paths by spaces. */
  @ParameterizedTest
  @CsvSource({
    "node_modules, node_modules node_modules/b, n/node_modules Node_modules node_modules.txt",
    "**/node_modules, node_modules/b n/node_modules/a n/m/node_modules, node_modules2",
    "*.md, README.md, docs/README.md md",
    "**/*.md, README.md docs/a/README.md, md",
    "*, a a/b, ''",
    "**, a a/b, ''",
    "*/temp*, a/temp a/temporary/b, temp a/b/temp",
    "*/*/temp*, a/b/temp, a/temp",
    "temp?, tempa, temp tempab",
    "a/**/z, a/z a/b/z a/b/c/z, a/zz b/z",
    "a/**, a/b a/b/c, a b",
    "[a-c]x, ax cx, dx",
    "[^a-c]x, dx, ax",
    "\\*.md, *.md, a.md",
    "a.b, a.b, axb",
    "/build, build/x, a/build",
    "./build/, build/x, a/build",
    "a/../build, build, a",
    "*.md;!README.md, CHANGES.md, README.md",
    "!README.md;*.md, README.md, a",
    "*;!src;src/test, a src/test/x, src src/main",
    "out;!out/keep, out/x, out/keep out/keep/all",
    "out;!out/*/keep, out/x out/a/x, out/a/keep",
    "out;!**/keep, out/a/b, out/a/keep keep",
    "*;!*.go;!go.*, Makefile x/main.go, main.go go.sum main.go/x",
    "'# comment;  ;;a', a, '#'",
    "' #a', '#a', a",
    "' * ;! b', a c, b",
    "'a\r;b\r', a b, 'a\r'",
    "'\t\u00c2\u00a0a\u00c2\u00a0', a, b",
    "'\u00ef\u00bb\u00bf# a;b', b, '#'",
    "'\u00ef\u00bb\u00bfa', a, b",
    "caf\u00e9.*, caf\u00e9.txt, cafe.txt",
    "/, '', a",
    "., '', a",
    "../a, '', a",
  })
  void ignores_what_docker_ignores(String file, String ignored, String kept) throws Exception {
    IgnoreFile ignore = parse(file.replace(';', '\n'));

    for (String path : ignored.split(" (?! )")) {
      assertThat(path.isEmpty() || ignore.ignores(path)).as(path).isTrue();
    }
    for (String path : kept.split(" (?! )")) {
      assertThat(!path.isEmpty() && ignore.ignores(path)).as(path).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "a/[b", "[]a]", "[^]a]", "a\\", "[a-]", "[\\", "!", "! ", "!/"})
  void names_the_line_that_is_no_pattern(String line) {
    assertThatThrownBy(() -> parse("good\n# " + line + "\n" + line + "\n"))
        .isInstanceOf(BadPatternException.class)
        .hasMessageStartingWith("line 3: '" + line + "'");
  }

  /** So does Docker: an expression that is none is found when it is needed. */
  @Test
  void names_the_line_that_turns_out_to_be_no_pattern() throws Exception {
    IgnoreFile ignore = parse("a\n\\8*\n");

    assertThat(ignore.ignores("a")).isTrue();
    assertThatThrownBy(() -> ignore.ignores("b"))
        .isInstanceOf(BadPatternException.class)
        .hasMessageStartingWith("line 2: '\\8*'");
  }

  @Test
  void has_bounds() throws Exception {
    assertThat(parse("a\n".repeat(10_000)).size()).isEqualTo(10_000);
    assertThatThrownBy(() -> parse("a\n".repeat(10_001))).hasMessageContaining("line 10001");
    assertThatThrownBy(() -> parse("\n" + "a".repeat(65_536))).hasMessageContaining("line 2");
  }

  @Test
  void looks_into_ignored_folders_only_for_exceptions() throws Exception {
    assertThat(parse("a\n").root().below("a").isIgnoredWhole()).isTrue();
    assertThat(parse("a\n!b/c\n").root().below("a").isIgnoredWhole()).isTrue();
    assertThat(parse("a\n!a/c\n").root().below("a").isIgnoredWhole()).isFalse();
    assertThat(parse("a\n!*.c\n").root().below("a").isIgnoredWhole()).isFalse();
  }

  /** No other library than one with linear time would end. */
  @Test
  void takes_linear_time_for_hostile_patterns() throws Exception {
    IgnoreFile ignore = parse("*a".repeat(5000) + "**".repeat(100) + "b\n");

    assertThat(ignore.ignores("a".repeat(4000) + "b")).isFalse();
  }

  private static IgnoreFile parse(String file) throws BadPatternException {
    return IgnoreFile.parse(file.getBytes(ISO_8859_1));
  }
}
