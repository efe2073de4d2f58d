package io.tarkiln.kaniko.argo.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tarkiln.build.Reason;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunEnd.Cancelled;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import io.tarkiln.kaniko.argo.ArgoFixture;
import io.tarkiln.kaniko.output.LogTail;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class WorkflowOutcomeTest {
  /** Messages as Argo 3.7's controller and the kubelet write them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "main: OOMKilled (exit code 137)|OUT_OF_MEMORY",
        "main: Error (exit code 137)|OUT_OF_MEMORY",
        "Pod was active on the node longer than the specified deadline|TIMEOUT",
        "Pod ephemeral local storage usage exceeds the total limit of containers 30Gi. |DISK_LIMIT",
      })
  void tells_reasons_from_messages(String message, Reason reason) {
    Failed end = (Failed) verdict(workflow("Failed", message), OptionalLong.empty());

    assertThat(end.reason()).isEqualTo(reason);
    assertThat(end.message()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The node was low on resource: memory. Threshold quantity: 100Mi",
        "Preempted in order to admit critical pod",
        "Pod was terminated in response to imminent node shutdown.",
        "pod deleted",
        "Pod failed before main container starts due to ErrImagePull: no such host",
        "init: Error (exit code 64): failed to load artifact 'source': connection refused",
        "shell: Error (exit code 1)",
        "fetch: Error (exit code 22)",
        "something new",
      })
  void knows_what_is_not_the_builds_own_fault(String message) {
    Unavailable end = (Unavailable) verdict(workflow("Failed", message), OptionalLong.empty());

    assertThat(end.message()).contains(message);
  }

  @Test
  void does_not_begin_anew_what_somebody_stopped() {
    JsonObject json = workflow("Failed", "workflow shutdown with strategy:  Stop").json();
    json.add("spec", json("{\"shutdown\": \"Stop\"}"));

    Failed end = (Failed) verdict(new Workflow(json), OptionalLong.empty());
    assertThat(end.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(end.message()).contains("somebody stopped");
  }

  @Test
  void has_kanikos_own_words_where_kaniko_ended_the_run() {
    LogTail tail = new LogTail();
    tail.add("INFO[0001] RUN make");
    tail.add("error building image: failed to execute command: exit status 2");

    Failed end =
        (Failed)
            new WorkflowOutcome(
                    workflow("Failed", "main: Error (exit code 1)"),
                    ArgoFixture.run(),
                    OptionalLong.empty(),
                    tail,
                    Optional.empty())
                .end();

    assertThat(end.reason()).isEqualTo(Reason.BUILD_FAILED);
    assertThat(end.message()).contains("RUN make");
    assertThat(end.lastLines()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "tarkiln: large the image tar has 6 GiB, LIMIT_EXCEEDED",
    "tarkiln: refused no regular file, BUILD_FAILED"
  })
  void says_why_a_tar_was_not_stored(String line, Reason reason) {
    Failed end = (Failed) upload(line);

    assertThat(end.reason()).isEqualTo(reason);
    assertThat(line).endsWith(end.message());
  }

  @Test
  void begins_anew_when_s3_did_not_take_the_tar() {
    assertThat(upload("tarkiln: unavailable S3 did not take it"))
        .isEqualTo(new Unavailable("S3 did not take it"));
  }

  private static RunEnd upload(String line) {
    LogTail tail = new LogTail();
    tail.add("INFO[0001] Taking snapshot");
    tail.add(line);
    tail.add("time=\"2026-11-25T09:27:09.460Z\" level=info msg=\"sub-process exited\" argo=true");
    tail.add("Error: exit status 65");
    return new WorkflowOutcome(
            workflow("Failed", "main: Error (exit code 65)"),
            ArgoFixture.run(),
            OptionalLong.empty(),
            tail,
            Optional.empty())
        .end();
  }

  @Test
  void has_the_last_attempt_decide() {
    Workflow workflow =
        new Workflow(
            json(
                """
                {"metadata": {"name": "w"}, "status": {"phase": "Failed", "nodes": {
                  "a": {"type": "Pod", "startedAt": "2026-11-25T10:00:00Z", "message": "pod deleted"},
                  "r": {"type": "Retry", "startedAt": "2026-11-25T10:00:00Z", "message": "x"},
                  "b": {"type": "Pod", "startedAt": "2026-11-25T10:05:00Z", "message": "OOMKilled"}}}}
                """));

    assertThat(((Failed) verdict(workflow, OptionalLong.empty())).reason())
        .isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void believes_in_success_only_with_a_tar() {
    Workflow succeeded = workflow("Succeeded", "");

    assertThat(verdict(succeeded, OptionalLong.of(7))).isEqualTo(new Built(7));
    assertThat(((Failed) verdict(succeeded, OptionalLong.empty())).reason())
        .isEqualTo(Reason.INTERNAL_ERROR);
  }

  @Test
  void knows_what_we_stopped_ourselves() {
    Workflow cancelled =
        new Workflow(
            json(
                """
                {"metadata": {"name": "w", "annotations": {"tarkiln.io/stopped-for": "cancelled"}},
                 "status": {"phase": "Failed", "message": "Stopped with strategy 'Terminate'"}}
                """));

    assertThat(verdict(cancelled, OptionalLong.empty())).isEqualTo(new Cancelled());
  }

  @Test
  void tells_an_operators_mistakes() {
    Workflow invalid =
        new Workflow(
            json(
                """
                {"metadata": {"name": "w"}, "status": {"phase": "Error",
                  "message": "clusterworkflowtemplate.argoproj.io 'tarkiln-kaniko' not found"}}
                """));

    Failed end = (Failed) verdict(invalid, OptionalLong.empty());
    assertThat(end.reason()).isEqualTo(Reason.INTERNAL_ERROR);
    assertThat(end.message()).contains("tarkiln-kaniko").contains("not found");
  }

  private static RunEnd verdict(Workflow workflow, OptionalLong tar) {
    LogTail tail = new LogTail();
    tail.add("INFO[0001] Unpacking rootfs");
    return new WorkflowOutcome(workflow, ArgoFixture.run(), tar, tail, Optional.empty()).end();
  }

  private static Workflow workflow(String phase, String message) {
    JsonObject json =
        json(
            """
            {"metadata": {"name": "w"}, "status": {"phase": "%s", "nodes": {
              "w-1": {"type": "Pod", "phase": "%s", "startedAt": "2026-11-25T10:00:00Z"}}}}
            """
                .formatted(phase, phase));
    json.getAsJsonObject("status")
        .getAsJsonObject("nodes")
        .getAsJsonObject("w-1")
        .addProperty("message", message);
    return new Workflow(json);
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
