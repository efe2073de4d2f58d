package io.tarkiln.kaniko.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.kaniko.launch.KanikoLauncher.Launch;
import io.tarkiln.kaniko.output.LineReader;
import io.tarkiln.testkit.OtherJvm;
import io.tarkiln.testkit.Polling;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sandboxed Kaniko does not outlive the process that started it, not even a killed one. */
@Tag("kaniko")
class OrphanTest {
  @TempDir private Path workDirectory;

  @ParameterizedTest
  @EnumSource(value = LauncherVariants.class, names = "PODMAN", mode = EnumSource.Mode.EXCLUDE)
  void dies_with_a_parent_that_is_killed(LauncherVariants means) throws Exception {
    String marker = "700.0" + Math.abs(System.nanoTime() % 1_000_000) + "s";
    Process parent =
        OtherJvm.start(Parent.class, "started", means.name(), workDirectory.toString(), marker);
    assertThat(processesWith(marker)).isNotZero();

    parent.destroyForcibly();

    Polling.until(() -> processesWith(marker) == 0);
  }

  private static long processesWith(String argument) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains("sleep " + argument))
        .count();
  }

  /** The process that is killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      Path workDirectory = Path.of(arguments[1]);
      RunDirectory directory = RunDirectory.make(workDirectory.resolve("run"));
      SleepingBuild.into(directory, "echo started && sleep " + arguments[2]);
      KanikoProcess kaniko =
          LauncherVariants.valueOf(arguments[0])
              .in(workDirectory)
              .launch(new Launch(directory, SleepingBuild.ARGUMENTS));
      LineReader.read(kaniko.output(), System.out::println);
    }
  }
}
