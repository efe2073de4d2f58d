package io.tarkiln.kaniko.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd.Built;
import io.tarkiln.kaniko.RunEnd.Cancelled;
import io.tarkiln.kaniko.SubmittedRun;
import io.tarkiln.kaniko.access.AccessIssuer;
import io.tarkiln.kaniko.access.RunAccess;
import io.tarkiln.kaniko.launch.LauncherVariants;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds however Kaniko is launched. */
@Tag("kaniko")
class LauncherTest {
  @TempDir private static Path shared;
  private static EngineFixture lab;

  /** Ours, and what container engines and shells add on their own. */
  private static final List<String> ALLOWED =
      List.of("PATH", "HOME", "DOCKER_CONFIG", "SSL_CERT_DIR", "TERM", "HOSTNAME", "container");

  private final RunRecorder recorder = new RunRecorder();
  @TempDir private Path workDirectory;

  @BeforeAll
  static void startServers() throws Exception {
    lab = new EngineFixture(shared);
  }

  @AfterAll
  static void stopServers() throws Exception {
    lab.close();
  }

  @ParameterizedTest
  @EnumSource(LauncherVariants.class)
  void builds_several_stages_and_puts_nothing_of_ours_into_the_image(LauncherVariants means)
      throws Exception {
    KanikoRun run =
        lab.run(
            """
            FROM scratch AS one
            COPY sh /bin/sh
            COPY bin /bin
            ARG GREETING
            RUN mkdir -p /tmp/made && echo "$GREETING" > /tmp/made/greeting
            FROM scratch
            COPY sh /bin/sh
            COPY --from=one /tmp/made /made
            RUN echo done > /done
            """,
            Map.of("GREETING", "$(id); `ls` \"x\" 'y' && z | > /w"));

    try (LocalEngine engine = start(means)) {
      engine.submit(run);
      assertThat(recorder.end()).isInstanceOf(Built.class);
    }

    Map<String, String> files = ImageTarReader.files(lab.store(), run.imageTarKey());
    assertThat(files)
        .containsEntry("made/greeting", "$(id); `ls` \"x\" 'y' && z | > /w\n")
        .containsEntry("done", "done\n");
    assertThat(files.keySet())
        .containsExactlyInAnyOrder("", "bin", "bin/sh", "made", "made/greeting", "done");
    assertThat(EngineFixture.runDirectories(workDirectory)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(LauncherVariants.class)
  void shows_a_build_nothing_of_this_machine(LauncherVariants means) throws Exception {
    KanikoRun run =
        lab.run(
            EngineFixture.shell()
                + """
                RUN echo "root: $(echo /*)" && cat /proc/1/environ /proc/self/environ && echo ""

                """,
            Map.of());

    try (LocalEngine engine = start(means)) {
      engine.submit(run);
      assertThat(recorder.end()).isInstanceOf(Built.class);
    }

    assertThat(recorder.lines())
        .anyMatch(
            line -> line.matches("root: /bin /dev( /etc)? /kaniko /proc( /run)?( /sys)?( /tmp)?"));
    String shown = String.join("\n", recorder.lines());
    assertThat(shown).contains("HOME=/root").doesNotContain(workDirectory.toString());
    assertThat(System.getenv().keySet())
        .filteredOn(name -> !ALLOWED.contains(name))
        .noneMatch(name -> shown.contains(name + "="));
  }

  @ParameterizedTest
  @EnumSource(LauncherVariants.class)
  void lets_no_symlink_of_a_build_stand_for_the_image_tar(LauncherVariants means) throws Exception {
    KanikoRun run =
        lab.run(
            EngineFixture.shell()
                + """
                RUN rm -f /kaniko/tarkiln/image.tar || true
                RUN ln -s /etc/hostname /kaniko/tarkiln/image.tar || true
                """,
            Map.of());

    try (LocalEngine engine = start(means)) {
      engine.submit(run);
      assertThat(recorder.end()).isInstanceOf(Built.class);
    }

    assertThat(ImageTarReader.files(lab.store(), run.imageTarKey())).containsKey("bin/ls");
  }

  @ParameterizedTest
  @EnumSource(LauncherVariants.class)
  void kills_everything_that_a_cancelled_build_has_started(LauncherVariants means)
      throws Exception {
    String marker = "600.0" + Math.abs(System.nanoTime() % 1_000_000) + "s";
    KanikoRun run =
        lab.run(EngineFixture.shell() + "RUN echo started && sleep " + marker + "\n", Map.of());

    try (LocalEngine engine = start(means)) {
      SubmittedRun accepted = engine.submit(run);
      recorder.awaitLine("started");
      assertThat(processesWith(marker)).isNotZero();
      engine.cancel(run.build());

      assertThat(recorder.end()).isEqualTo(new Cancelled());
      accepted.settled().toCompletableFuture().join();
      assertThat(processesWith(marker)).isZero();
      assertThat(EngineFixture.runDirectories(workDirectory)).isEmpty();
      assertThat(lab.store().exists(run.imageTarKey())).isFalse();
      assertThat(new String(lab.store().read(run.logKey()).orElseThrow()))
          .contains("started")
          .endsWith("[tarkiln] the build was cancelled\n");
    }
  }

  @ParameterizedTest
  @EnumSource(LauncherVariants.class)
  void shows_kaniko_what_it_may_do_at_registries_also_when_that_changes(LauncherVariants means)
      throws Exception {
    AtomicInteger issued = new AtomicInteger();
    AccessIssuer issuer =
        run ->
            new RunAccess(
                new TreeMap<>(),
                Optional.of(Duration.ofSeconds(2)),
                true,
                List.of("issued " + issued.incrementAndGet()));
    KanikoRun run =
        lab.run(
            EngineFixture.shell()
                + "RUN while [ \"$(cat /kaniko/.docker/notes)\" = '[tarkiln] issued 1' ]; do sleep"
                + " 0.1; done\n"
                + "RUN if echo mine > /kaniko/.docker/notes; then exit 9; fi\n",
            Map.of());

    try (LocalEngine engine =
        lab.engine(EngineFixture.settings(workDirectory, 1), means.in(workDirectory), issuer)) {
      engine.start(recorder);
      engine.submit(run);
      assertThat(recorder.end()).isInstanceOf(Built.class);
    }

    assertThat(recorder.lines()).contains("[tarkiln] issued 1");
  }

  private LocalEngine start(LauncherVariants means) throws Exception {
    LocalEngine engine =
        lab.engine(EngineFixture.settings(workDirectory, 1), means.in(workDirectory));
    engine.start(recorder);
    return engine;
  }

  private static long processesWith(String argument) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(argument))
        .count();
  }
}
