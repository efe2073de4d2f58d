package io.tarkiln.kaniko.launch;

import io.tarkiln.kaniko.launch.KanikoLauncher.Launch;
import io.tarkiln.testkit.Polling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing stays in a run's directory, at whatever moment its launcher was killed. */
@Tag("kaniko")
class OrphanProcessesTest {
  private static final int MOMENTS = 40;
  private static final long LAST_MOMENT_MICROS = 12_000;

  @TempDir private Path workDirectory;

  @ParameterizedTest
  @EnumSource(value = LauncherVariants.class, names = "PODMAN", mode = EnumSource.Mode.EXCLUDE)
  void nothing_is_left_of_a_launcher_that_is_killed_early(LauncherVariants means) throws Exception {
    KanikoLauncher launcher = means.in(workDirectory);
    String marker = "--label=moment=" + System.nanoTime();
    for (int moment = 0; moment < MOMENTS; moment++) {
      RunDirectory directory = sleeping();
      ChildKanikoProcess kaniko = (ChildKanikoProcess) launcher.launch(launch(directory, marker));
      TimeUnit.MICROSECONDS.sleep(LAST_MOMENT_MICROS * moment / MOMENTS);
      kaniko.process().destroyForcibly().waitFor();

      directory.close();

      // What was killed is listed a little longer, until the kernel has taken its memory.
      Polling.until(() -> processesWith(marker).isEmpty());
    }
  }

  private RunDirectory sleeping() throws Exception {
    RunDirectory directory = RunDirectory.make(workDirectory.resolve("run"));
    SleepingBuild.into(directory, "sleep 700");
    return directory;
  }

  private static Launch launch(RunDirectory directory, String marker) {
    List<String> arguments = new ArrayList<>(SleepingBuild.ARGUMENTS);
    arguments.add(marker);
    return new Launch(directory, arguments);
  }

  /** Those of the launcher and Kaniko itself, which are all given the marker. */
  private static List<ProcessHandle> processesWith(String marker) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(marker))
        .toList();
  }
}
