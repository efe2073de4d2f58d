package io.tarkiln.kaniko.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.Reason;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunEnd.Cancelled;
import io.tarkiln.kaniko.RunEnd.Failed;
import io.tarkiln.kaniko.RunEnd.Unavailable;
import io.tarkiln.kaniko.SubmittedRun;
import io.tarkiln.kaniko.launch.ArchiveWriter;
import io.tarkiln.kaniko.launch.KanikoLauncher;
import io.tarkiln.kaniko.launch.LauncherVariants;
import io.tarkiln.kaniko.limit.RunLimits;
import io.tarkiln.kaniko.output.LogLimits;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.testkit.Polling;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kaniko")
class LocalEngineTest {
  private static final String SLEEPS = EngineFixture.shell() + "RUN echo started && sleep 600\n";

  @TempDir private static Path shared;
  private static EngineFixture lab;
  private static KanikoLauncher launcher;

  private final RunRecorder recorder = new RunRecorder();
  @TempDir private Path workDirectory;

  @BeforeAll
  static void startServers() throws Exception {
    lab = new EngineFixture(shared);
    launcher = LauncherVariants.BUBBLEWRAP.in(shared);
  }

  @AfterAll
  static void stopServers() throws Exception {
    lab.close();
  }

  @Test
  void leaves_image_tar_and_whole_log_in_s3_and_layers_in_the_cache() throws Exception {
    KanikoRun run = lab.run(EngineFixture.shell() + "RUN echo built-by-hand > /made\n", Map.of());

    try (LocalEngine engine = started(settings())) {
      SubmittedRun accepted = engine.submit(run);
      Built built = (Built) recorder.end();
      accepted.settled().toCompletableFuture().join();

      assertThat(accepted.workflow()).isEqualTo("api-" + run.build());
      assertThat(lab.store().size(run.imageTarKey())).hasValue(built.tarBytes());
    }

    assertThat(ImageTarReader.files(lab.store(), run.imageTarKey()))
        .containsEntry("made", "built-by-hand\n");
    assertThat(new String(lab.store().read(run.logKey()).orElseThrow()).lines())
        .containsExactlyElementsOf(recorder.lines());
    assertThat(get("http://" + lab.registry() + "/v2/kaniko-cache/shop-api/tags/list"))
        .contains("\"tags\":[\"");
    assertThat(EngineFixture.runDirectories(workDirectory)).isEmpty();
  }

  @Test
  void adopts_a_run_under_way_and_one_whose_tar_is_there() throws Exception {
    KanikoRun run = lab.run(EngineFixture.shell() + "RUN echo started && sleep 2\n", Map.of());

    try (LocalEngine engine = started(settings())) {
      SubmittedRun first = engine.submit(run);
      recorder.awaitLine("started");
      SubmittedRun second = engine.submit(run);
      assertThat(second).isEqualTo(first);
      Built built = (Built) recorder.end();
      first.settled().toCompletableFuture().join();
      List<String> lines = recorder.lines();

      engine.submit(run).settled().toCompletableFuture().join();

      assertThat(recorder.end()).isEqualTo(built);
      assertThat(recorder.lines()).isEqualTo(lines);
    }
  }

  @Test
  void a_run_that_fails_gives_way_to_another_submitters_that_did_not() throws Exception {
    KanikoRun run =
        lab.run(EngineFixture.shell() + "RUN echo started && sleep 2 && exit 7\n", Map.of());

    try (LocalEngine engine = started(settings())) {
      SubmittedRun accepted = engine.submit(run);
      recorder.awaitLine("started");
      lab.store().write(run.imageTarKey(), new byte[] {1, 2, 3});
      lab.store().write(run.logKey(), "of the other\n".getBytes(UTF_8));

      assertThat(recorder.end()).isEqualTo(new Built(3));
      accepted.settled().toCompletableFuture().join();
      assertThat(lab.store().read(run.logKey()).orElseThrow())
          .asString()
          .isEqualTo("of the other\n");
    }
  }

  @Test
  void tells_a_failed_command_with_kanikos_last_error_and_the_last_lines() throws Exception {
    KanikoRun run =
        lab.run(EngineFixture.shell() + "RUN echo one && echo two && exit 7\n", Map.of());

    Failed failed = failure(run);

    assertThat(failed.reason()).isEqualTo(Reason.BUILD_FAILED);
    assertThat(failed.message())
        .contains("services/api/Dockerfile", "RUN echo one", "exit status 7");
    assertThat(failed.lastLines()).contains("one", "two");
    assertThat(new String(lab.store().read(run.logKey()).orElseThrow())).contains("\ntwo\n");
    assertThat(lab.store().exists(run.imageTarKey())).isFalse();
  }

  @Test
  void tells_a_dockerfile_that_is_none() throws Exception {
    Failed failed = failure(lab.run("FORM scratch\n", Map.of()));

    assertThat(failed.reason()).isEqualTo(Reason.BUILD_FAILED);
    assertThat(failed.message()).contains("unknown instruction: FORM");
  }

  @Test
  void tells_a_base_image_that_the_registry_does_not_have() throws Exception {
    Failed failed =
        failure(lab.run("FROM %s/none:1\nRUN true\n".formatted(lab.registry()), Map.of()));

    assertThat(failed.reason()).isEqualTo(Reason.BASE_IMAGE_NOT_FOUND);
    assertThat(failed.message()).contains(lab.registry() + "/v2/none/manifests/1");
  }

  @Test
  void calls_a_registry_unavailable_that_does_not_answer() throws Exception {
    KanikoRun run = lab.run("FROM localhost:1/none:1\nRUN true\n", Map.of());

    try (LocalEngine engine = started(settings())) {
      engine.submit(run);

      assertThat(recorder.end())
          .isInstanceOfSatisfying(
              Unavailable.class,
              unavailable -> assertThat(unavailable.message()).contains("connection refused"));
    }
  }

  @Test
  void writes_nothing_outside_its_root_whatever_the_archive_says() throws Exception {
    Path door = Files.createDirectories(shared.resolve("door"));
    ArchiveWriter source =
        new ArchiveWriter()
            .file("source/services/api/plain", "plain")
            .symlink("source/services/api/out", door.toString())
            .file("source/services/api/out/evil", "evil")
            .file("../../../../../../../.." + door + "/climbed", "evil");
    KanikoRun run = lab.run(source, "FROM scratch\nCOPY plain /\n", Map.of());

    try (LocalEngine engine = started(settings())) {
      engine.submit(run);
      recorder.end();
    }

    assertThat(door).isEmptyDirectory();
  }

  @Test
  void tells_a_source_without_the_folder_of_the_context() throws Exception {
    ArchiveWriter source = new ArchiveWriter().file("source/services", "a file");

    assertThat(failure(lab.run(source, "FROM scratch\nCOPY a /\n", Map.of())).reason())
        .isEqualTo(Reason.BUILD_FAILED);
  }

  @Test
  void tells_a_source_that_has_expired() throws Exception {
    KanikoRun run = lab.run("FROM scratch\n", Map.of());
    lab.store().delete(run.input().sourceKey());

    assertThat(failure(run).message()).contains(run.input().sourceKey(), "replay the build");
  }

  @Test
  void stops_a_build_at_its_time_limit() throws Exception {
    LocalSettings hasty = with(Duration.ofSeconds(3), 1L << 30, 500);

    try (LocalEngine engine = started(hasty)) {
      engine.submit(lab.run(SLEEPS, Map.of()));

      Failed failed = (Failed) recorder.end();
      assertThat(failed.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failed.message()).contains("3s", "TARKILN_BUILD_TIME");
    }
  }

  @Test
  void stops_a_build_at_its_disk_limit() throws Exception {
    LocalSettings frugal = with(Duration.ofMinutes(5), 100L << 20, 500);
    String fill = "RUN cat /dev/zero | head -c 150000000 > /big && sleep 600\n";

    try (LocalEngine engine = started(frugal)) {
      engine.submit(lab.run(EngineFixture.shell() + fill, Map.of()));

      Failed failed = (Failed) recorder.end();
      assertThat(failed.reason()).isEqualTo(Reason.DISK_LIMIT);
      assertThat(failed.message()).contains("100 MiB");
    }
    assertThat(EngineFixture.runDirectories(workDirectory)).isEmpty();
  }

  @Test
  void stops_a_build_that_has_too_many_processes() throws Exception {
    LocalSettings frugal = with(Duration.ofMinutes(5), 1L << 30, 100);
    String many = "RUN i=0; while [ $i -lt 120 ]; do sleep 600 & i=$((i+1)); done; wait\n";

    try (LocalEngine engine = started(frugal)) {
      engine.submit(lab.run(EngineFixture.shell() + many, Map.of()));

      Failed failed = (Failed) recorder.end();
      assertThat(failed.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
      assertThat(failed.message()).contains("100 processes", "TARKILN_BUILD_PROCESSES");
    }
  }

  @Test
  void cuts_a_log_that_is_too_long_and_goes_on_building() throws Exception {
    String chatter = "RUN i=0; while [ $i -lt 600 ]; do echo line $i; i=$((i+1)); done\n";
    KanikoRun run = lab.run(EngineFixture.shell() + chatter, Map.of());

    try (LocalEngine engine = started(settings())) {
      engine.submit(run);
      assertThat(recorder.end()).isInstanceOf(Built.class);
    }

    assertThat(recorder.lines()).hasSize(501).last().asString().contains("the log is cut here");
  }

  @Test
  void shows_the_log_in_s3_while_the_build_runs() throws Exception {
    KanikoRun run = lab.run(SLEEPS, Map.of());

    try (LocalEngine engine = started(settings())) {
      engine.submit(run);
      recorder.awaitLine("started");
      Polling.until(() -> lab.store().exists(run.logKey()));
      engine.cancel(run.build());
      assertThat(recorder.end()).isEqualTo(new Cancelled());
    }
  }

  @Test
  void ends_a_cancelled_build_that_still_waits_for_its_turn() throws Exception {
    KanikoRun first = lab.run(SLEEPS, Map.of());
    KanikoRun second = lab.run(SLEEPS, Map.of());

    try (LocalEngine engine = started(settings())) {
      engine.submit(first);
      recorder.awaitLine("started");
      SubmittedRun waiting = engine.submit(second);
      engine.cancel(second.build());
      waiting.settled().toCompletableFuture().join();
      assertThat(recorder.end()).isEqualTo(new Cancelled());
      assertThat(recorder.heardNoEnd()).isTrue();

      engine.cancel(first.build());
      assertThat(recorder.end()).isEqualTo(new Cancelled());
    }
  }

  @Test
  void builds_nothing_when_another_submitter_was_done_before_its_turn_came() throws Exception {
    KanikoRun first = lab.run(SLEEPS, Map.of());
    KanikoRun second = lab.run(SLEEPS, Map.of());

    try (LocalEngine engine = started(settings())) {
      engine.submit(first);
      recorder.awaitLine("started");
      engine.submit(second);
      lab.store().write(second.imageTarKey(), new byte[] {1, 2, 3});
      engine.cancel(first.build());

      assertThat(recorder.end()).isEqualTo(new Cancelled());
      assertThat(recorder.end()).isEqualTo(new Built(3));
    }
  }

  @Test
  void builds_nothing_for_a_build_that_has_ended_unheard() throws Exception {
    KanikoRun run = lab.run(EngineFixture.shell() + "RUN echo built\n", Map.of());
    lab.store().write(ObjectKeys.finished(run.build()), new byte[] {1});

    try (LocalEngine engine = started(settings())) {
      engine.submit(run).settled().toCompletableFuture().join();
    }

    assertThat(recorder.end()).isEqualTo(new Cancelled());
    assertThat(recorder.lines()).isEmpty();
    assertThat(lab.store().exists(run.imageTarKey())).isFalse();
  }

  @Test
  void keeps_the_image_tar_of_another_submitter_that_was_done_first() throws Exception {
    KanikoRun run = lab.run(EngineFixture.shell() + "RUN echo started && sleep 2\n", Map.of());

    try (LocalEngine engine = started(settings())) {
      engine.submit(run);
      recorder.awaitLine("started");
      lab.store().write(run.imageTarKey(), new byte[] {1, 2, 3});

      assertThat(recorder.end()).isEqualTo(new Built(3));
      assertThat(lab.store().size(run.imageTarKey())).hasValue(3);
    }
  }

  @Test
  void tells_no_end_of_a_run_that_was_under_way_when_it_closed() throws Exception {
    LocalEngine engine = started(settings());
    SubmittedRun accepted = engine.submit(lab.run(SLEEPS, Map.of()));
    recorder.awaitLine("started");

    engine.close();

    assertThat(recorder.heardNoEnd()).isTrue();
    assertThat(accepted.settled().toCompletableFuture()).isNotDone();
    assertThat(EngineFixture.runDirectories(workDirectory)).isEmpty();
  }

  @Test
  void removes_what_a_killed_process_left_behind() throws Exception {
    Path left = workDirectory.resolve("runs/api-of-yesterday/root/etc");
    Files.createDirectories(left);
    Files.createSymbolicLink(left.resolve("link"), shared);
    Files.writeString(left.resolve("file"), "left");

    try (LocalEngine engine = started(settings())) {
      assertThat(engine.name()).isEqualTo("local");
      assertThat(EngineFixture.runDirectories(workDirectory)).isEmpty();
      assertThat(shared).isNotEmptyDirectory();
    }
  }

  @Test
  void shares_its_work_directory_with_no_other_engine() throws Exception {
    try (LocalEngine engine = started(settings());
        LocalEngine other = lab.engine(settings(), launcher)) {
      assertThat(engine.name()).isEqualTo(other.name());
      assertThatThrownBy(() -> other.start(recorder))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("TARKILN_WORK_DIRECTORY");
    }
  }

  private Failed failure(KanikoRun run) throws Exception {
    try (LocalEngine engine = started(settings())) {
      engine.submit(run);
      return (Failed) recorder.end();
    }
  }

  private LocalEngine started(LocalSettings settings) {
    LocalEngine engine = lab.engine(settings, launcher);
    engine.start(recorder);
    return engine;
  }

  private LocalSettings settings() {
    return EngineFixture.settings(workDirectory, 1);
  }

  private LocalSettings with(Duration timeLimit, long diskBytes, int processes) {
    return new LocalSettings(
        workDirectory,
        1,
        timeLimit,
        new RunLimits(diskBytes, processes, Optional.empty()),
        new LogLimits(500, 1 << 20),
        Duration.ofSeconds(30));
  }

  private static String get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
