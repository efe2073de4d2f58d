package io.tarkiln.dockerfile.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The outcomes are those that Go's {@code filepath.Match} gives on Linux. */
class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "abc, abc",
    "*, abc",
    "*c, abc",
    "a*, abc",
    "a*/b, abc/b",
    "a*b*c*d*e*/f, axbxcxdxexxx/f",
    "a*b?c*x, abxbbxdbxebxczzx",
    "ab[c], abc",
    "ab[b-d], abc",
    "ab[^e-g], abc",
    "a\\*b, a*b",
    "a?b, a☺b",
    "a[^a]b, a☺b",
    "[a-ζ]*, α",
    "[\\]a], ]",
    "[\\-], -",
    "[x\\-], x",
    "[\\-x], -",
    "*x, xxx",
    "[[], [",
    "a[\\[]b, a[b",
    "?, \uD83D\uDE00",
  })
  void matches(String pattern, String path) {
    assertEquals(true, PathPattern.of(pattern).orElseThrow().matches(path));
  }

  @ParameterizedTest
  @CsvSource({
    "a*, ab/c",
    "a*/b, a/c/b",
    "a*b*c*d*e*/f, axbxcxdxexxx/fff",
    "a*b?c*x, abxbbxdbxebxczzy",
    "ab[e-g], abc",
    "ab[^c], abc",
    "ab[^b-d], abc",
    "a\\*b, ab",
    "a???b, a☺b",
    "a[^a][^a][^a]b, a☺b",
    "[a-ζ]*, A",
    "a?b, a/b",
    "[x\\-], z",
    "[c-a], b",
    "a*a, a",
    "*[ab]c, c",
  })
  void does_not_match(String pattern, String path) {
    assertEquals(false, PathPattern.of(pattern).orElseThrow().matches(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "[", "[^", "[^bc", "a[", "a/[", "b\\"})
  void is_no_pattern(String bad) {
    assertEquals(true, PathPattern.of(bad).isEmpty(), bad);
  }

  @Test
  void takes_as_long_as_the_lengths_say() {
    String name = "a".repeat(20_000);

    assertEquals(false, PathPattern.of("*a".repeat(200) + "b").orElseThrow().matches(name));
  }
}
