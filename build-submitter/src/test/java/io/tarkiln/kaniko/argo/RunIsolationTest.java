package io.tarkiln.kaniko.argo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.argo.api.ArgoSettings;
import io.tarkiln.testkit.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong with one run, and that the others go on. */
@Tag("server")
class RunIsolationTest {
  /** More than there are workers. */
  private static final int MANY = 20;

  @RegisterExtension static final ArgoFixture lab = new ArgoFixture();

  private final RunEndRecorder published = new RunEndRecorder();

  @Test
  void a_run_whose_log_cannot_be_kept_stops_no_other_and_ends_when_it_can() throws Exception {
    // Nobody else takes over, so it must go on by itself.
    ArgoSettings settings = lab.settings(Duration.ofMinutes(1));
    ArgoEngine engine = lab.engine(settings, published);
    KanikoRun broken = ArgoFixture.run();
    Path inTheWay = settings.logs().resolve(broken.name() + ".log");
    Files.createDirectories(inTheWay.resolve("full"));
    engine.submit(broken);
    String pod = lab.begin(broken);
    lab.kubelet().begin(pod).print("INFO[0001] RUN make");

    KanikoRun other = buildOf(engine);
    lab.succeed(broken, pod);
    KanikoRun next = buildOf(engine);

    assertThat(published.end(other)).isEqualTo(ArgoFixture.BUILT);
    assertThat(published.end(next)).isEqualTo(ArgoFixture.BUILT);
    assertThat(published.ends(broken)).isEmpty();
    assertThat(lab.controller().workflow(broken.name()).finalizers()).isNotEmpty();

    Files.delete(inTheWay.resolve("full"));
    Files.delete(inTheWay);

    assertThat(published.end(broken)).isEqualTo(ArgoFixture.BUILT);
    assertThat(published.lines(broken)).containsExactly("INFO[0001] RUN make");
    lab.awaitSettled(broken.name());
    assertThat(published.ends(broken)).hasSize(1);
  }

  @Test
  void a_run_whose_log_cannot_be_kept_is_stopped_all_the_same() throws Exception {
    ArgoSettings settings = lab.settings(9, 9, Duration.ZERO, Duration.ZERO);
    ArgoEngine engine = lab.engine(settings, published);
    KanikoRun broken = ArgoFixture.run();
    Files.createDirectories(settings.logs().resolve(broken.name() + ".log"));
    engine.submit(broken);
    lab.awaitTurn(broken);

    lab.controller().status(broken.name(), "Running", "", "pod", "Pending", "Unschedulable", "");

    Polling.until(() -> lab.controller().workflow(broken.name()).isStopped());
  }

  @Test
  void a_log_that_somebody_removes_is_read_anew() throws Exception {
    ArgoSettings settings = lab.settings(Duration.ofMinutes(1));
    ArgoEngine engine = lab.engine(settings, published);
    KanikoRun run = ArgoFixture.run();
    engine.submit(run);
    String pod = lab.begin(run);
    lab.kubelet().begin(pod).print("one");
    Polling.until(() -> published.lines(run).size() == 1);

    Files.delete(settings.logs().resolve(run.name() + ".log"));
    lab.kubelet().begin(pod).print("two");
    lab.succeed(run, pod);

    assertThat(published.end(run)).isEqualTo(ArgoFixture.BUILT);
    assertThat(new String(lab.store().read(run.logKey()).orElseThrow(), UTF_8))
        .isEqualTo("one\ntwo\n");
  }

  @Test
  void ends_that_nobody_takes_stop_no_other_and_are_published_when_somebody_does()
      throws Exception {
    Set<String> refused = ConcurrentHashMap.newKeySet();
    CompletableFuture<Void> taken = new CompletableFuture<>();
    RunEndRecorder publisher =
        new RunEndRecorder() {
          @Override
          public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
            CompletionStage<Void> sent = super.ended(run, end);
            return refused.contains(run.name()) ? taken : sent;
          }
        };
    ArgoEngine engine = lab.engine(lab.settings(Duration.ofMinutes(1)), publisher);
    List<KanikoRun> waiting = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      KanikoRun run = ArgoFixture.run();
      refused.add(run.name());
      waiting.add(run);
      engine.submit(run);
      lab.store().write(run.imageTarKey(), ArgoFixture.TAR);
      lab.awaitTurn(run);
      lab.controller().status(run.name(), "Succeeded", "", "pod", "Succeeded", "", "");
    }
    for (KanikoRun run : waiting) {
      publisher.end(run);
    }

    KanikoRun other = buildOf(engine);

    assertThat(publisher.end(other)).isEqualTo(ArgoFixture.BUILT);
    lab.awaitSettled(other.name());
    for (KanikoRun run : waiting) {
      assertThat(lab.controller().workflow(run.name()).isSettled()).isFalse();
    }
    taken.complete(null);
    for (KanikoRun run : waiting) {
      lab.awaitSettled(run.name());
      assertThat(publisher.ends(run)).hasSize(1);
    }
  }

  @Test
  void an_end_that_cannot_be_published_stops_no_other_and_is_retried() throws Exception {
    Set<String> refused = ConcurrentHashMap.newKeySet();
    RunEndRecorder publisher =
        new RunEndRecorder() {
          @Override
          public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
            CompletionStage<Void> sent = super.ended(run, end);
            if (ends(run).size() < 3 && refused.contains(run.name())) {
              if (ends(run).size() == 1) {
                throw new IllegalStateException("a defect of the publisher");
              }
              return CompletableFuture.failedFuture(new IOException("Kafka does not take it"));
            }
            return sent;
          }
        };
    ArgoEngine engine = lab.engine(lab.settings(Duration.ofMinutes(1)), publisher);
    KanikoRun broken = ArgoFixture.run();
    refused.add(broken.name());
    engine.submit(broken);
    lab.succeed(broken, lab.begin(broken));
    publisher.end(broken);

    KanikoRun other = buildOf(engine);

    assertThat(publisher.end(other)).isEqualTo(ArgoFixture.BUILT);
    lab.awaitSettled(broken.name());
    assertThat(publisher.ends(broken)).hasSize(3);
  }

  @Test
  void a_workflow_whose_event_is_damaged_is_let_go_of_and_stops_no_other() throws Exception {
    ArgoEngine engine = lab.engine(published);
    KanikoRun broken = ArgoFixture.run();
    engine.submit(broken);
    lab.controller()
        .patch(broken.name(), "{\"metadata\": {\"annotations\": {\"tarkiln.io/event\": \"{}\"}}}");
    String pod = lab.begin(broken);

    KanikoRun other = buildOf(engine);
    lab.controller().end(broken.name(), pod, "Succeeded", "", "");

    assertThat(published.end(other)).isEqualTo(ArgoFixture.BUILT);
    lab.awaitSettled(broken.name());
  }

  @Test
  void a_leader_that_cannot_see_workflows_gives_the_lease_up() throws Exception {
    lab.blindEngine(
        lab.settings(Duration.ofSeconds(2), Duration.ofSeconds(4)), new RunEndRecorder());
    Polling.until(lab::isLeaseHeld);

    ArgoEngine able = lab.engine(published);

    assertThat(published.end(buildOf(able))).isEqualTo(ArgoFixture.BUILT);
  }

  /** A run from its submission to its good end. */
  private static KanikoRun buildOf(ArgoEngine engine) throws Exception {
    KanikoRun run = ArgoFixture.run();
    engine.submit(run);
    lab.succeed(run, lab.begin(run));
    return run;
  }
}
