package io.tarkiln.kaniko.argo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BaseImage;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.Polling;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunEnd.Cancelled;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.SampleRuns;
import io.tarkiln.kaniko.SubmittedRun;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.kaniko.argo.api.Workflow;
import io.tarkiln.store.ObjectKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class ArgoEngineTest {
  private static final byte[] TAR = {1, 2, 3};
  private static final byte[] CUT_TAR = {1};
  private static final String FAILED = "main: Error (exit code 1)";

  private static ArgoFixture lab;

  private final RunEndRecorder published = new RunEndRecorder();

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    lab = new ArgoFixture(folder);
  }

  @AfterAll
  static void end() throws Exception {
    lab.close();
  }

  @AfterEach
  void clear() throws Exception {
    lab.clear();
  }

  @Test
  void hands_a_run_over_and_publishes_its_log_and_its_end() throws Exception {
    ArgoEngine engine = lab.engine(published);
    KanikoRun run = ArgoFixture.run();

    SubmittedRun accepted = engine.submit(run);
    assertThat(accepted.workflow()).isEqualTo(run.name());
    assertThat(accepted.namespace()).isEqualTo(ArgoFixture.NAMESPACE);
    assertThat(accepted.settled().toCompletableFuture()).isCompleted();
    String pod = lab.begin(run);
    lab.kubelet().begin(pod).print("INFO[0000] Retrieving image manifest alpine");
    Polling.until(() -> published.lines(run).size() == 1);
    lab.kubelet().begin(pod).breakOff();
    lab.kubelet().begin(pod).print("INFO[0001] RUN make");
    lab.store().write(run.imageTarKey(), TAR);
    lab.controller().end(run.name(), pod, "Succeeded", "", "");

    assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    assertThat(published.lines(run))
        .containsExactly("INFO[0000] Retrieving image manifest alpine", "INFO[0001] RUN make");
    assertThat(new String(lab.store().read(run.logKey()).orElseThrow(), UTF_8))
        .isEqualTo("INFO[0000] Retrieving image manifest alpine\nINFO[0001] RUN make\n");
    Polling.until(() -> lab.controller().workflow(run.name()).isSettled());
    assertThat(lab.controller().workflow(run.name()).finalizers()).isEmpty();
    assertThat(published.ends(run)).hasSize(1);
  }

  @Test
  void publishes_why_a_build_failed_with_its_last_lines() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);

    String pod = lab.begin(run);
    lab.kubelet().begin(pod).print("INFO[0001] RUN make");
    lab.kubelet().begin(pod).print("make: *** no rule");
    lab.kubelet()
        .begin(pod)
        .print(
            "error building image: error building stage: failed to execute command: waiting for"
                + " process to exit: exit status 2");
    lab.controller().end(run.name(), pod, "Failed", FAILED, "{\"exitCode\": \"1\"}");

    Failed failed = (Failed) published.end(run);
    assertThat(failed.reason()).isEqualTo(Reason.BUILD_FAILED);
    assertThat(failed.message()).contains("RUN make");
    assertThat(failed.lastLines()).contains("make: *** no rule");
  }

  @Test
  void reads_the_log_of_a_pod_that_takes_a_lost_ones_place_from_its_beginning() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);
    String pod = lab.begin(run);
    Kubelet.Output lost = lab.kubelet().begin(pod);
    lost.print("one");
    lost.print("two");
    Polling.until(() -> published.lines(run).size() == 2);

    lab.controller().removePod(pod);
    lost.end();
    lab.kubelet().begin(pod).print("one again");
    lab.controller().begin(run.name(), pod);
    Polling.until(() -> published.lines(run).size() == 3);
    lab.store().write(run.imageTarKey(), TAR);
    lab.controller().end(run.name(), pod, "Succeeded", "", "");

    assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    assertThat(published.lines(run)).containsExactly("one", "two", "one again");
  }

  @Test
  void knows_a_run_without_an_image_tar() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);

    lab.controller().end(run.name(), lab.begin(run), "Succeeded", "", "");

    assertThat(((Failed) published.end(run)).message()).contains("must be the one of this version");
  }

  @Test
  void knows_a_run_again_whose_tar_is_there() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.store().write(run.imageTarKey(), TAR);

    lab.engine(published).submit(run);

    assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    assertThat(lab.controller().workflows()).isEmpty();
  }

  @Test
  void adopts_a_run_under_way_whose_lost_pod_left_a_tar_that_is_cut() throws Exception {
    KanikoRun run = ArgoFixture.run();
    ArgoEngine engine = lab.engine(published);
    engine.submit(run);
    String pod = lab.begin(run);
    lab.store().write(run.imageTarKey(), CUT_TAR);

    SubmittedRun again = engine.submit(run);

    assertThat(again.settled().toCompletableFuture()).isCompleted();
    assertThat(published.ends(run)).isEmpty();
    assertThat(lab.controller().workflow(run.name()).isRunning()).isTrue();
    endWell(run, run.name(), pod);
  }

  @Test
  void adopts_a_further_go_at_a_run_whose_first_left_a_tar_that_is_cut() throws Exception {
    KanikoRun run = ArgoFixture.run();
    ArgoEngine engine = lab.engine(published);
    engine.submit(run);
    String pod = beginWithoutARegistry(run);
    lab.store().write(run.imageTarKey(), CUT_TAR);
    fail(run, pod);
    lab.awaitTurn(run.name(2));
    Polling.until(() -> lab.controller().workflow(run.name()).isSettled());

    engine.submit(run);

    assertThat(published.ends(run)).isEmpty();
    assertThat(lab.controller().workflows()).hasSize(2);
    endWell(run, run.name(2), lab.controller().begin(run.name(2)));
  }

  @Test
  void trusts_a_tar_beside_the_workflow_of_another_service() throws Exception {
    BuildId build = BuildId.next();
    RunInput input = SampleRuns.input(build, "sources/tree.tar.gz", Map.of(), Optional.empty());
    KanikoRun api = SampleRuns.of(build, "api", input, true, true);
    KanikoRun web = SampleRuns.of(build, "web", input, true, true);
    ArgoEngine engine = lab.engine(published);
    engine.submit(web);
    lab.store().write(api.imageTarKey(), TAR);

    engine.submit(api);

    assertThat(published.ends(api)).containsExactly(new Built(TAR.length));
    assertThat(published.ends(web)).isEmpty();
  }

  /** The run ends with its whole tar, which is published once. */
  private void endWell(KanikoRun run, String workflow, String pod) throws Exception {
    lab.store().write(run.imageTarKey(), TAR);
    lab.controller().end(workflow, pod, "Succeeded", "", "");
    assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    Polling.until(() -> lab.controller().workflow(workflow).isSettled());
    assertThat(published.ends(run)).hasSize(1);
  }

  @Test
  void refuses_a_workflow_of_its_name_that_is_for_something_else() throws Exception {
    BuildId build = BuildId.next();
    KanikoRun run = SampleRuns.of(build, SampleRuns.input(build, "a", Map.of(), Optional.empty()));
    KanikoRun other =
        SampleRuns.of(build, SampleRuns.input(build, "b", Map.of(), Optional.empty()));
    ArgoEngine engine = lab.engine(published);
    engine.submit(run);

    assertThatThrownBy(() -> engine.submit(other))
        .isInstanceOf(RejectedException.class)
        .hasMessageContaining(run.name());
  }

  @Test
  void refuses_what_argo_would_take_for_a_template() throws Exception {
    ArgoEngine engine = lab.engine(published);

    assertThatThrownBy(() -> engine.submit(ArgoFixture.run(Map.of("A", "{{workflow.name}}"))))
        .isInstanceOf(RejectedException.class)
        .hasMessageContaining("{{");
    assertThat(lab.controller().workflows()).isEmpty();
  }

  @Test
  void adopts_after_being_killed_between_create_and_acknowledge() throws Exception {
    KanikoRun run = ArgoFixture.run();
    ArgoEngine killed = lab.engine(published);
    killed.submit(run);
    killed.stop();

    lab.engine(published).submit(run);
    lab.store().write(run.imageTarKey(), TAR);
    lab.controller().end(run.name(), lab.begin(run), "Succeeded", "", "");

    assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    Polling.until(() -> lab.controller().workflow(run.name()).isSettled());
    assertThat(lab.controller().workflows()).hasSize(1);
    assertThat(published.ends(run)).hasSize(1);
  }

  @Test
  void adopts_after_a_delivery_that_says_other_things_of_base_images() throws Exception {
    KanikoRun first = ArgoFixture.run();
    DockerfileRewritten said = first.event().data();
    List<BaseImage> other =
        List.of(new BaseImage(1, "FROM", "a", "a", "unmapped", Optional.empty()));
    ArgoEngine engine = lab.engine(published);
    engine.submit(first);

    engine.submit(
        new KanikoRun(
            Event.first(
                first.build(),
                "dockerfile-rewriter",
                new DockerfileRewritten(
                    said.workload(),
                    said.service(),
                    said.plan(),
                    said.input(),
                    other,
                    Optional.empty()))));

    assertThat(lab.controller().workflows()).hasSize(1);
    assertThat(lab.controller().workflow(first.name()).run()).isEqualTo(first);
  }

  @Test
  void removes_at_its_start_the_logs_that_a_killed_process_left() throws Exception {
    ArgoSettings settings = lab.settings(9, 9);
    Path left = Files.createDirectories(settings.logs()).resolve(ArgoFixture.run().name() + ".log");
    Files.writeString(left, "INFO[0001] RUN make\n");

    lab.engine(settings, published);

    assertThat(left).doesNotExist();
  }

  @Test
  void publishes_an_end_that_came_while_no_process_was_there() throws Exception {
    KanikoRun run = ArgoFixture.run();
    ArgoEngine killed = lab.engine(published);
    killed.submit(run);
    String pod = lab.begin(run);
    killed.stop();
    lab.kubelet().begin(pod).print("said while nobody listened");
    lab.store().write(run.imageTarKey(), TAR);
    lab.controller().end(run.name(), pod, "Succeeded", "", "");

    lab.engine(published);

    assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    assertThat(published.lines(run)).containsExactly("said while nobody listened");
  }

  @Test
  void publishes_an_end_again_that_a_killed_process_may_not_have_published() throws Exception {
    CompletableFuture<Void> never = new CompletableFuture<>();
    RunEndRecorder killedWhilePublishing =
        new RunEndRecorder() {
          @Override
          public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
            super.ended(run, end);
            return never;
          }
        };
    KanikoRun run = ArgoFixture.run();
    ArgoEngine killed = lab.engine(killedWhilePublishing);
    killed.submit(run);
    lab.controller().end(run.name(), lab.begin(run), "Failed", "OOMKilled (exit code 137)", "");
    killedWhilePublishing.end(run);
    killed.stop();

    lab.engine(published);

    assertThat(((Failed) published.end(run)).reason()).isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void publishes_ends_once_of_two_that_watch() throws Exception {
    ArgoEngine one = lab.engine(published);
    ArgoEngine two = lab.engine(published);
    List<KanikoRun> runs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      KanikoRun run = ArgoFixture.run();
      (i % 2 == 0 ? one : two).submit(run);
      runs.add(run);
    }

    for (KanikoRun run : runs) {
      lab.store().write(run.imageTarKey(), TAR);
      lab.controller().end(run.name(), lab.begin(run), "Succeeded", "", "");
    }

    for (KanikoRun run : runs) {
      published.end(run);
      Polling.until(() -> lab.controller().workflow(run.name()).isSettled());
      assertThat(published.ends(run)).hasSize(1);
    }
  }

  @Test
  void goes_on_after_the_api_server_was_away_and_its_watches_expired() throws Exception {
    ArgoEngine engine = lab.engine(published);
    KanikoRun before = ArgoFixture.run();
    engine.submit(before);
    String pod = lab.begin(before);
    lab.store().write(before.imageTarKey(), TAR);

    lab.api().down();
    KanikoRun during = ArgoFixture.run();
    assertThatThrownBy(() -> engine.submit(during)).isInstanceOf(UnavailableException.class);
    try (ApiServer other = lab.api().another()) {
      ArgoControllerDouble elsewhere =
          new ArgoControllerDouble(other, ArgoFixture.NAMESPACE, lab.kubelet());
      elsewhere.end(before.name(), pod, "Succeeded", "", "");
    }
    lab.api().up();

    assertThat(published.end(before)).isEqualTo(new Built(TAR.length));
    engine.submit(during);
    lab.store().write(during.imageTarKey(), TAR);
    lab.controller().end(during.name(), lab.begin(during), "Succeeded", "", "");
    assertThat(published.end(during)).isEqualTo(new Built(TAR.length));
  }

  @Test
  void publishes_the_end_of_a_workflow_that_somebody_deletes() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);
    lab.begin(run);

    lab.controller().delete(run.name());

    Failed failed = (Failed) published.end(run);
    assertThat(failed.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failed.message()).contains("deleted").contains("replay");
    Polling.until(() -> lab.controller().workflows().isEmpty());
    assertThat(published.ends(run)).hasSize(1);
  }

  @Test
  void publishes_the_end_of_a_workflow_whose_finalizer_somebody_took_away_until_it_is_taken()
      throws Exception {
    RunEndRecorder deafAtFirst =
        new RunEndRecorder() {
          @Override
          public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
            boolean first = ends(run).isEmpty();
            CompletionStage<Void> heard = super.ended(run, end);
            return first ? CompletableFuture.failedFuture(new IOException("deaf")) : heard;
          }
        };
    KanikoRun run = ArgoFixture.run();
    // Nobody else hears of it, so it must not look away meanwhile.
    lab.engine(lab.settings(Duration.ofMinutes(1)), deafAtFirst).submit(run);
    lab.begin(run);

    lab.controller().patch(run.name(), "{\"metadata\": {\"finalizers\": null}}");
    lab.controller().delete(run.name());

    assertThat(((Failed) deafAtFirst.end(run)).message()).contains("deleted");
    Polling.until(() -> deafAtFirst.ends(run).size() == 2);
  }

  @Test
  void stops_the_workflows_of_a_build() throws Exception {
    ArgoEngine engine = lab.engine(published);
    KanikoRun run = ArgoFixture.run();
    engine.submit(run);
    String pod = lab.begin(run);

    engine.cancel(run.build());
    Polling.until(
        () -> lab.controller().workflow(run.name()).json().toString().contains("Terminate"));
    lab.controller().end(run.name(), pod, "Failed", "Stopped with strategy 'Terminate'", "");

    assertThat(published.end(run)).isEqualTo(new Cancelled());
  }

  @Test
  void gives_up_when_kanikos_image_cannot_be_pulled() throws Exception {
    Failed failed =
        endOfAPod(lab.settings(100, 100), "ImagePullBackOff: Back-off pulling image \"kaniko\"");

    assertThat(failed.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failed.message()).contains("image cannot be pulled").contains("Back-off");
  }

  @Test
  void gives_up_when_an_image_before_kanikos_cannot_be_pulled() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(lab.settings(100, 100), published).submit(run);
    lab.awaitTurn(run);
    lab.controller().holdUp(run.name(), "ImagePullBackOff", "Back-off pulling image \"shell\"");

    Polling.until(
        () -> lab.controller().workflow(run.name()).json().toString().contains("Terminate"));
    lab.controller()
        .status(run.name(), "Failed", "Stopped", "pod", "Failed", "PodInitializing", "");

    Failed failed = (Failed) published.end(run);
    assertThat(failed.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failed.message()).contains("image cannot be pulled").contains("\"shell\"");
  }

  @Test
  void gives_up_when_no_node_takes_the_pod() throws Exception {
    // For as long as an event may be held, which is no time here.
    ArgoSettings settings = lab.settings(9, 9, Duration.ZERO, Duration.ZERO);

    Failed failed = endOfAPod(settings, "Unschedulable: 0/3 nodes are available");

    assertThat(failed.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failed.message()).contains("TARKILN_LONGEST_HOLD").contains("0/3 nodes");
  }

  /** How a run ends whose pod does not begin, for which Argo has this message. */
  private Failed endOfAPod(ArgoSettings settings, String message) throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(settings, published).submit(run);
    lab.awaitTurn(run);
    lab.controller().status(run.name(), "Running", "", "pod", "Pending", message, "");

    Polling.until(
        () -> lab.controller().workflow(run.name()).json().toString().contains("Terminate"));
    lab.controller().status(run.name(), "Failed", "Stopped", "pod", "Failed", message, "");
    return (Failed) published.end(run);
  }

  @Test
  void does_not_begin_a_run_whose_build_has_ended() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.store().write(ObjectKeys.finished(run.build()), TAR);

    lab.engine(published).submit(run);

    Polling.until(() -> lab.controller().workflow(run.name()).isStopped());
    lab.controller().status(run.name(), "Failed", "Stopped", "pod", "Failed", "", "");
    assertThat(published.end(run)).isEqualTo(new Cancelled());
  }

  @Test
  void stops_a_run_whose_build_has_ended_while_nobody_listened() throws Exception {
    KanikoRun run = ArgoFixture.run();
    ArgoEngine killed = lab.engine(published);
    killed.submit(run);
    String pod = lab.begin(run);
    killed.stop();
    lab.store().write(ObjectKeys.finished(run.build()), TAR);

    lab.engine(published);

    Polling.until(() -> lab.controller().workflow(run.name()).isStopped());
    lab.controller().end(run.name(), pod, "Failed", "Stopped with strategy 'Terminate'", "");
    assertThat(published.end(run)).isEqualTo(new Cancelled());
  }

  @Test
  void ends_an_old_build_whose_workflow_argo_never_looks_at() throws Exception {
    KanikoRun run = ArgoFixture.run(BuildId.at(Instant.now().minus(Duration.ofDays(4))));

    lab.engine(published).submit(run);

    Failed failed = (Failed) published.end(run);
    assertThat(failed.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failed.message()).contains("TARKILN_LONGEST_BUILD");
    Polling.until(() -> lab.controller().workflow(run.name()).isSettled());
    assertThat(lab.controller().workflow(run.name()).isStopped()).isTrue();
  }

  @Test
  void begins_a_run_anew_when_a_registry_did_not_answer_kaniko() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);

    failForWantOfARegistry(run);
    String again = run.name(2);
    lab.awaitTurn(again);
    assertThat(published.ends(run)).isEmpty();
    Polling.until(() -> lab.controller().workflow(run.name()).isSettled());
    String pod = lab.controller().begin(again);
    lab.kubelet().begin(pod).print("INFO[0001] RUN make");
    lab.store().write(run.imageTarKey(), TAR);
    lab.controller().end(again, pod, "Succeeded", "", "");

    assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    assertThat(published.lines(run)).containsExactly("INFO[0001] RUN make");
    Polling.until(() -> lab.controller().workflow(again).isSettled());
    assertThat(published.ends(run)).hasSize(1);
  }

  @Test
  void begins_a_run_anew_once_whoever_was_killed_meanwhile() throws Exception {
    KanikoRun run = ArgoFixture.run();
    Duration pause = Duration.ofMinutes(2);
    ArgoEngine killed = lab.engine(lab.settings(9, 9, Duration.ofMinutes(5), pause), published);
    killed.submit(run);
    failForWantOfARegistry(run);
    Polling.until(() -> lab.controller().workflow(run.name()).isSettled());
    killed.stop();

    ArgoEngine next = lab.engine(published);
    next.submit(run);

    Workflow waiting = lab.controller().workflow(run.name(2));
    assertThat(waiting.isSuspended()).isTrue();
    assertThat(lab.controller().workflows()).hasSize(2);
    next.cancel(run.build());
    Polling.until(
        () -> lab.controller().workflow(waiting.name()).json().toString().contains("Terminate"));
    lab.controller().status(waiting.name(), "Failed", "Stopped", "pod", "Failed", "", "");
    assertThat(published.end(run)).isEqualTo(new Cancelled());
  }

  @Test
  void gives_up_when_nothing_answered_for_long_enough() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(lab.settings(9, 9, Duration.ZERO, Duration.ofSeconds(1)), published).submit(run);

    failForWantOfARegistry(run);

    Failed failed = (Failed) published.end(run);
    assertThat(failed.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failed.message()).contains("did not answer");
    assertThat(failed.lastLines()).isNotEmpty();
    assertThat(lab.controller().workflows()).hasSize(1);
  }

  @Test
  void does_not_begin_a_run_anew_whose_build_has_its_outcome() throws Exception {
    KanikoRun run = ArgoFixture.run();
    lab.engine(published).submit(run);
    String pod = beginWithoutARegistry(run);
    // It was looked for an outcome before, so this one is seen at the end.
    Polling.until(() -> published.lines(run).size() == 1);
    lab.store().write(ObjectKeys.finished(run.build()), TAR);

    fail(run, pod);

    assertThat(((Failed) published.end(run)).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(lab.controller().workflows()).hasSize(1);
  }

  @Test
  void lets_few_run_at_once_and_all_in_their_turn() throws Exception {
    int limit = 5;
    List<KanikoRun> runs = new ArrayList<>();
    ArgoEngine engine = lab.engine(lab.settings(limit, limit), published);
    for (int i = 0; i < Integer.getInteger("tarkiln.queued", 40); i++) {
      KanikoRun run = ArgoFixture.run();
      engine.submit(run);
      lab.store().write(run.imageTarKey(), TAR);
      runs.add(run);
    }

    List<String> order = new ArrayList<>();
    while (order.size() < runs.size()) {
      Polling.until(() -> lab.controller().workflows().stream().anyMatch(Workflow::isRunning));
      List<Workflow> running =
          lab.controller().workflows().stream().filter(Workflow::isRunning).toList();
      assertThat(running).hasSizeLessThanOrEqualTo(limit);
      for (Workflow each : running) {
        order.add(each.name());
        lab.controller().status(each.name(), "Succeeded", "", "pod", "Succeeded", "", "");
      }
    }

    for (KanikoRun run : runs) {
      assertThat(published.end(run)).isEqualTo(new Built(TAR.length));
    }
    Polling.until(() -> lab.controller().workflows().stream().allMatch(Workflow::isSettled));
    assertThat(order).doesNotHaveDuplicates();
    assertThat(runs).allSatisfy(run -> assertThat(published.ends(run)).hasSize(1));
  }

  /** Waits until the Workflow may begin, and has a pod run for it. */
  private static void failForWantOfARegistry(KanikoRun run) throws Exception {
    fail(run, beginWithoutARegistry(run));
  }

  private static String beginWithoutARegistry(KanikoRun run) throws Exception {
    String pod = lab.begin(run);
    lab.kubelet()
        .begin(pod)
        .print(
            "error building image: Get \"https://registry.example/v2/\": dial tcp: connect:"
                + " connection refused");
    return pod;
  }

  private static void fail(KanikoRun run, String pod) throws Exception {
    lab.controller().end(run.name(), pod, "Failed", FAILED, "{\"exitCode\": \"1\"}");
  }
}
