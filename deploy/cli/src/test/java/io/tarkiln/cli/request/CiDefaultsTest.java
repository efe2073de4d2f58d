package io.tarkiln.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.cli.session.CliException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CiDefaultsTest {
  static List<List<String>> refs() {
    String letters = "x".repeat(130);
    return List.of(
        List.of("GITHUB_REF_NAME", "feature/x", "feature-x"),
        List.of("GITHUB_REF_NAME", "..v1.0+build", "v1.0-build"),
        List.of("GITHUB_REF_NAME", "-/" + letters, letters.substring(2)),
        List.of("CI_COMMIT_TAG", "v1.0+build", "v1.0-build"),
        List.of("CI_COMMIT_TAG", letters, letters.substring(2)),
        List.of("CI_COMMIT_REF_SLUG", "feature-x", "feature-x"),
        List.of("CI_COMMIT_REF_NAME", "\u00e4pfel/x", "pfel-x"));
  }

  @ParameterizedTest
  @MethodSource("refs")
  void make_a_tag_of_what_the_job_is_for(List<String> variableValueAndTag) throws Exception {
    CiDefaults ci = new CiDefaults(Map.of(variableValueAndTag.get(0), variableValueAndTag.get(1)));

    assertThat(ci.tag()).contains(variableValueAndTag.get(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GITHUB_REF_NAME", "CI_COMMIT_TAG", "CI_COMMIT_REF_NAME"})
  void refuse_to_make_a_tag_of_nothing(String variable) {
    CiDefaults ci = new CiDefaults(Map.of(variable, "\u65e5\u672c", "CI_COMMIT_REF_SLUG", ""));

    assertThatThrownBy(ci::tag)
        .isInstanceOf(CliException.class)
        .hasMessage(
            "the job's branch or tag '\u65e5\u672c' has no letter or digit for an image tag:"
                + " give --tag");
  }

  @Test
  void know_no_tag_outside_of_ci() throws Exception {
    assertThat(new CiDefaults(Map.of()).tag()).isEmpty();
  }
}
