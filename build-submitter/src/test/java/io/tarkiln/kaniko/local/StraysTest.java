package io.tarkiln.kaniko.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.kaniko.local.KanikoLauncher.Launch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing stays in a run's directory, at whatever moment its launcher was killed. */
class StraysTest {
  private static final int MOMENTS = 40;
  private static final long LAST_MOMENT_MICROS = 12_000;

  @TempDir private Path workDirectory;

  @ParameterizedTest
  @EnumSource(value = Means.class, names = "PODMAN", mode = EnumSource.Mode.EXCLUDE)
  void nothing_is_left_of_a_launcher_that_is_killed_early(Means means) throws Exception {
    KanikoLauncher launcher = means.in(workDirectory);
    String tarPath = "/tmp/%s.tar".formatted(System.nanoTime());
    for (int moment = 0; moment < MOMENTS; moment++) {
      RunDirectory directory = sleeping();
      ProcessKaniko kaniko = (ProcessKaniko) launcher.launch(launch(directory, tarPath));
      TimeUnit.MICROSECONDS.sleep(LAST_MOMENT_MICROS * moment / MOMENTS);
      kaniko.process().destroyForcibly().waitFor();

      directory.close();

      assertThat(processesWith(tarPath)).as("moment %s", moment).isEmpty();
    }
  }

  private RunDirectory sleeping() throws Exception {
    RunDirectory directory = RunDirectory.make(workDirectory.resolve("run"));
    for (Path tool : List.of(GoTools.provide("sh"), GoTools.provide("uroot").resolve("sleep"))) {
      Files.copy(
          tool,
          directory.workspace().resolve(tool.getFileName()),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.writeString(
        directory.workspace().resolve("Dockerfile"),
        "FROM scratch\nCOPY sh sleep /bin/\nRUN sleep 700\n");
    return directory;
  }

  private static Launch launch(RunDirectory directory, String tarPath) {
    return new Launch(
        directory,
        tarPath,
        List.of("--context=dir:///workspace", "--no-push", "--tar-path=" + tarPath));
  }

  /** Those of the launcher and Kaniko itself, which are all given the tar's path. */
  private static List<ProcessHandle> processesWith(String tarPath) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(tarPath))
        .toList();
  }
}
