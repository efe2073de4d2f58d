package io.tarkiln.kaniko.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.Reason;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines are Kaniko's own, as version 1.24.0 wrote them. */
class KanikoExitClassifierTest {
  private static final String LAST_ERROR =
      "error building image: unable to complete operation after 0 attempts, last error: ";

  @Test
  void a_failed_command_is_named_with_its_status() {
    Failed failed =
        (Failed)
            end(
                7,
                "INFO[0000] RUN make all",
                "make: *** no rule",
                "error building image: error building stage: failed to execute command: waiting for"
                    + " process to exit: exit status 7");

    assertThat(failed.reason()).isEqualTo(Reason.BUILD_FAILED);
    assertThat(failed.message()).contains("RUN make all").contains("exit status 7");
    assertThat(failed.lastLines()).contains("make: *** no rule");
  }

  @Test
  void a_killed_command_most_likely_wanted_memory() {
    assertThat(
            reason(
                1,
                "error building image: error building stage: failed to execute command: waiting for"
                    + " process to exit: signal: killed"))
        .isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void what_argo_adds_does_not_hide_what_kaniko_said() {
    RunEnd end =
        end(
            1,
            "time=\"2026-11-25T09:26:37.896Z\" level=info msg=\"capturing logs\" argo=true",
            "error checking push permissions -- make sure you entered the correct tag name, and"
                + " that you are authenticated correctly, and try again: checking push permission"
                + " for \"r.example/kaniko-cache/shop-api\": creating push check transport for"
                + " r.example failed: Get \"http://r.example/v2/\": dial tcp 10.0.0.1:443: i/o"
                + " timeout",
            "time=\"2026-11-25T09:27:09.460Z\" level=info msg=\"sub-process exited\" argo=true",
            "Error: exit status 1");

    assertThat(end).isInstanceOf(Unavailable.class);
    assertThat(((Unavailable) end).message()).contains("did not answer").contains("i/o timeout");
  }

  @Test
  void a_dockerfile_that_cannot_be_read_is_a_failed_build() {
    assertThat(
            reason(
                1,
                "error building image: parsing dockerfile: dockerfile parse error on line 1:"
                    + " unknown instruction: FORM (did you mean FROM?)"))
        .isEqualTo(Reason.BUILD_FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://r.example/v2/none/manifests/1: MANIFEST_UNKNOWN: manifest unknown; unknown"
            + " tag=1",
        "GET https://r.example/v2/none/manifests/1: NAME_UNKNOWN: repository name not known",
        "Get \"https://nosuch.example/v2/\": dial tcp: lookup nosuch.example: no such host"
      })
  void a_base_image_that_is_nowhere_is_not_found(String error) {
    assertThat(reason(1, LAST_ERROR + error)).isEqualTo(Reason.BASE_IMAGE_NOT_FOUND);
  }

  @Test
  void a_registry_that_wants_other_credentials_has_refused() {
    assertThat(
            reason(
                1,
                LAST_ERROR
                    + "GET https://r.example/v2/x/manifests/1: UNAUTHORIZED: authentication"
                    + " required"))
        .isEqualTo(Reason.AUTHENTICATION_REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Get \"https://r.example/v2/\": dial tcp 10.0.0.1:443: connect: connection refused",
        "Get \"https://r.example/v2/\": dial tcp 10.0.0.1:443: i/o timeout",
        "GET https://r.example/v2/x/manifests/1: TOOMANYREQUESTS: slow down",
        "GET https://r.example/v2/x/manifests/1: unexpected status code 503 Service Unavailable"
      })
  void a_registry_that_does_not_answer_is_unavailable(String error) {
    assertThat(end(1, LAST_ERROR + error)).isInstanceOf(Unavailable.class);
  }

  @Test
  void a_registry_at_an_address_that_is_closed_to_builds_is_not_tried_again() {
    assertThat(
            reason(
                1,
                LAST_ERROR
                    + "Get \"https://r.example/v2/\": dial tcp 10.0.0.1:443: connect: permission"
                    + " denied"))
        .isEqualTo(Reason.NOT_ALLOWED);
  }

  @Test
  void a_cache_registry_that_cannot_be_found_is_no_missing_base_image() {
    assertThat(
            end(
                1,
                "error checking push permissions -- make sure you entered the correct tag name, and"
                    + " that you are authenticated correctly, and try again: checking push"
                    + " permission for \"r.example/kaniko-cache/shop-api\": Get"
                    + " \"https://r.example/v2/\": dial tcp: lookup r.example: no such host"))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void what_a_command_prints_about_registries_is_not_taken_for_kanikos_words() {
    assertThat(
            reason(
                1,
                "connect: connection refused",
                "error building image: error building stage: failed to execute command: waiting for"
                    + " process to exit: exit status 1"))
        .isEqualTo(Reason.BUILD_FAILED);
  }

  @Test
  void kaniko_itself_killed_most_likely_wanted_memory() {
    assertThat(reason(137, "INFO[0000] Taking snapshot of files..."))
        .isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void kaniko_stopped_by_another_signal_may_be_tried_again() {
    assertThat(end(143, "INFO[0000] RUN make")).isInstanceOf(Unavailable.class);
  }

  @Test
  void kaniko_that_never_began_is_unavailable_with_the_launchers_words() {
    assertThat(end(1, "bwrap: Can't find source path /x"))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable -> assertThat(unavailable.message()).contains("bwrap: Can't find"));
  }

  private static RunEnd end(int status, String... lines) {
    LogTail tail = new LogTail();
    for (String line : lines) {
      tail.add(line);
    }
    return new KanikoExitClassifier("services/api/Dockerfile", status, tail).end();
  }

  private static Reason reason(int status, String... lines) {
    return ((Failed) end(status, lines)).reason();
  }
}
