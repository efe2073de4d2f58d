package io.tarkiln.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * RUN instructions that would take what is not theirs of the machine: processes, disk, the place of
 * the image tar. The stack goes on after each; every attack is bounded by itself, too.
 */
@Tag("e2e")
class HostileRunTest {
  private static final Map<String, String> LIMITS =
      Map.of(
          "TARKILN_CONTAINER_ENGINE", "none",
          "TARKILN_BUILD_PROCESSES", "300",
          "TARKILN_BUILD_DISK_MIB", "300",
          "TARKILN_BUILD_MEMORY_MIB", "600");

  @TempDir private static Path shared;
  private static Stack stack;

  @TempDir private Path folder;

  @BeforeAll
  static void up() throws Exception {
    stack = Stack.up(shared.resolve("state"), LIMITS, "0");
  }

  @AfterAll
  static void works_still() throws Exception {
    assertThat(stack.stop()).isZero();
  }

  @Test
  void a_run_that_kills_kaniko_fails_and_leaves_no_image(TestInfo test) throws Exception {
    Program.Ended ran = build(test, "RUN busybox killall -9 executor; kill -9 -1; sleep 300");

    assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
    assertThat(image(test)).isFalse();
    stillWorks();
  }

  @Test
  void what_a_run_leaves_running_dies_with_it(TestInfo test) throws Exception {
    String marker = "9" + Math.abs(System.nanoTime() % 100_000_000);
    Program.Ended ran =
        build(test, "RUN (busybox setsid busybox sleep %s &) && echo left".formatted(marker));

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("left");
    assertThat(processesWith(marker)).isZero();
  }

  @Test
  void a_fork_bomb_ends_its_build_with_a_sentence(TestInfo test) throws Exception {
    // Of 4095 processes.
    String bomb =
        "f() { if [ $1 = 0 ]; then sleep 300; else f $(($1-1)) & f $(($1-1)) & wait; fi; }";
    Program.Ended ran = build(test, "RUN %s; f 11".formatted(bomb));

    assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out() + ran.err())
        .contains("more than 300 processes", "TARKILN_BUILD_PROCESSES");
    stillWorks();
  }

  @Test
  void a_disk_filler_ends_its_build_with_a_sentence(TestInfo test) throws Exception {
    // Of a gigabyte.
    Program.Ended ran =
        build(test, "RUN busybox head -c 1000000000 /dev/zero >/big && busybox sleep 300");

    assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out() + ran.err()).contains("more than 300 MiB of disk");
    stillWorks();
  }

  @Test
  void a_memory_hog_ends_its_build_with_a_sentence(TestInfo test) throws Exception {
    // Of a gigabyte.
    Program.Ended ran =
        build(
            test, "RUN x=$(busybox head -c 900000000 /dev/zero | busybox tr '\\0' a); echo ${#x}");

    assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out() + ran.err()).contains("out-of-memory");
    stillWorks();
  }

  @Test
  void nothing_takes_the_place_of_the_image_tar(TestInfo test) throws Exception {
    String place = "/kaniko/tarkiln/image.tar";
    Program.Ended ran =
        build(
            test,
            """
            RUN busybox rm -f %1$s; busybox ln -sf /kaniko/.docker/config.json %1$s; \\
                busybox umount %1$s; \\
                busybox mknod %1$s.new c 1 5 && busybox mv %1$s.new %1$s; \\
                busybox mkfifo /pipe && busybox mv /pipe %1$s; \\
                busybox mkdir /folder && busybox mv -T /folder %1$s; \\
                echo tried >/tried
            """
                .formatted(place));

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(new ImagePuller(stack.registry()).file(name(test) + "/app", "1", "tried"))
        .contains("tried\n");
  }

  @Test
  void a_run_that_moves_the_folder_of_the_image_tar_away_leaves_no_image(TestInfo test)
      throws Exception {
    Program.Ended ran =
        build(
            test,
            """
            RUN busybox mv /kaniko/tarkiln /kaniko/other; busybox mkdir /kaniko/tarkiln; \\
                busybox ln -s /kaniko/.docker/config.json /kaniko/tarkiln/image.tar
            """);

    assertThat(ran.exit()).as(ran.err()).isEqualTo(1);
    assertThat(stack.tarkiln("list", "--workload", name(test), "-o", "json").out())
        .contains("failed")
        .doesNotContain("succeeded");
  }

  @Test
  void a_log_commands_neither_a_terminal_nor_a_runner_of_github(TestInfo test) throws Exception {
    build(test, "RUN echo -e '\\033]0;title\\007\\n::add-mask::x\\n##[add-mask]y\\n\\r::error::z'");
    String id = stack.tarkiln("list", "--workload", name(test)).out().lines().toList().get(1);
    Map<String, String> job = Map.of("GITHUB_ACTIONS", "true");

    String log = stack.tarkiln(job, "logs", id.split("\\s+")[0]).out();

    assertThat(log).contains("add-mask").doesNotContain("\u001b", "\u0007", "\r", "##[");
    assertThat(log.lines()).noneMatch(line -> line.strip().startsWith("::"));
  }

  private void stillWorks() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("next")).file("Dockerfile", "FROM scratch\nCOPY . /\n");
    repository.commit();
    Program.Ended ran = stack.build("next", repository.url());
    assertThat(ran.exit()).as(ran.err()).isZero();
  }

  private Program.Ended build(TestInfo test, String attack) throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("app"))
            .file(
                "Dockerfile",
                "FROM scratch\nCOPY busybox /bin/sh\nCOPY busybox /bin/busybox\n" + attack + "\n");
    Files.copy(Path.of("/bin/busybox"), folder.resolve("app/busybox"));
    repository.commit();
    return stack.build(name(test), repository.url());
  }

  private static boolean image(TestInfo test) throws Exception {
    return new ImagePuller(stack.registry()).manifest(name(test) + "/app", "1").isPresent();
  }

  private static String name(TestInfo test) {
    return "w" + Integer.toHexString(test.getDisplayName().hashCode());
  }

  private static long processesWith(String argument) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(argument))
        .count();
  }
}
