package io.tarkiln.kaniko.argo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.testkit.OtherJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class LogFolderTest {
  private final KanikoRun run = ArgoFixture.run();
  private final List<Process> others = new ArrayList<>();

  @TempDir private Path folder;

  @AfterEach
  void end() {
    others.forEach(Process::destroyForcibly);
  }

  @Test
  void removes_the_logs_that_a_killed_process_left_and_nothing_else() throws Exception {
    Process other = begin();
    Path first = write(run.name() + ".log");
    Path second = write(run.name(2) + ".log");
    Path foreign = write("syslog-2026-11-25.log");

    other.destroyForcibly().waitFor();
    LogFolder.open(folder).close();

    assertThat(first).doesNotExist();
    assertThat(second).doesNotExist();
    assertThat(foreign).exists();
  }

  @Test
  void leaves_the_logs_of_a_process_that_lives_whoever_came_first() throws Exception {
    Process first = begin();
    LogFolder shared = LogFolder.open(folder);
    Path log = write(run.name() + ".log");

    first.destroyForcibly().waitFor();
    begin();

    assertThat(log).exists();
    shared.close();
  }

  private Path write(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "INFO[0001] RUN make\n");
  }

  /** Another process takes part in the folder. */
  private Process begin() throws IOException {
    Process other = OtherJvm.start(Other.class, "open", folder.toString());
    others.add(other);
    return other;
  }

  /** The process that is killed. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) throws Exception {
      LogFolder held = LogFolder.open(Path.of(arguments[0]));
      System.out.println("open");
      new CountDownLatch(1).await();
      held.close();
    }
  }
}
