package io.tarkiln.kaniko.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kaniko")
class LauncherDiscoveryTest {
  private static final List<String> NO_ENGINE = List.of("no-such-container-engine");

  @TempDir private Path workDirectory;

  @Test
  void take_a_container_engine_that_answers_and_has_the_image() throws Exception {
    LauncherVariants.PODMAN.in(workDirectory);

    KanikoLauncher launcher =
        choose(List.of(NO_ENGINE, LauncherVariants.podman()), LauncherVariants.image());

    assertThat(launcher)
        .isInstanceOfSatisfying(
            ContainerLauncher.class,
            container -> assertThat(container.engine().command()).contains("podman"));
  }

  @Test
  void take_a_sandbox_when_the_engine_cannot_get_the_image() throws Exception {
    LauncherVariants.BUBBLEWRAP.in(workDirectory);

    assertThat(choose(List.of(LauncherVariants.podman()), "localhost:1/no/such:image"))
        .isInstanceOf(BubblewrapLauncher.class);
  }

  @Test
  void take_bubblewrap_when_no_engine_answers() throws Exception {
    LauncherVariants.BUBBLEWRAP.in(workDirectory);

    assertThat(choose(List.of(NO_ENGINE), LauncherSettings.DEFAULT_IMAGE).name())
        .isEqualTo("bubblewrap");
    assertThat(workDirectory).isEmptyDirectory();
  }

  @Test
  void say_what_to_install_when_there_is_nothing() {
    LauncherDiscovery launchers =
        new LauncherDiscovery(
            new LauncherSettings(List.of(NO_ENGINE), List.of(), "x", Optional.empty()),
            workDirectory);

    assertThatThrownBy(launchers::choose)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("Install Docker or Podman, or bubblewrap")
        .hasMessageContaining("TARKILN_KANIKO_EXECUTOR")
        .hasMessageNotContaining("\n");
  }

  @Test
  void say_why_a_sandbox_does_not_work() {
    LauncherDiscovery launchers =
        new LauncherDiscovery(
            new LauncherSettings(List.of(), List.of(), "x", Optional.of(Path.of("/bin/false"))),
            workDirectory);

    assertThatThrownBy(launchers::choose).hasMessageContaining("bubblewrap does not work here");
  }

  @Test
  void are_set_by_variables() {
    Map<String, String> variables =
        Map.of(
            "TARKILN_CONTAINER_ENGINE", "podman --log-level error",
            "TARKILN_CONTAINER_ARGUMENTS", "--ulimit host",
            "TARKILN_KANIKO_IMAGE", "registry.example/kaniko:1",
            "TARKILN_KANIKO_EXECUTOR", "/opt/kaniko/executor");

    assertThat(of(variables))
        .isEqualTo(
            new LauncherSettings(
                List.of(List.of("podman", "--log-level", "error")),
                List.of("--ulimit", "host"),
                "registry.example/kaniko:1",
                Optional.of(Path.of("/opt/kaniko/executor"))));
    assertThat(of(Map.of("TARKILN_CONTAINER_ENGINE", "none")).engines()).isEmpty();
    assertThat(of(Map.of()).engines()).containsExactly(List.of("docker"), List.of("podman"));
  }

  @Test
  void remove_containers_that_an_earlier_process_left() throws Exception {
    ContainerLauncher launcher = (ContainerLauncher) LauncherVariants.PODMAN.in(workDirectory);
    String name = "tarkiln-left-" + ProcessHandle.current().pid();
    CommandResult made =
        CommandResult.run(
            Duration.ofSeconds(30),
            launcher
                .engine()
                .with(
                    List.of(
                        "create",
                        "--name",
                        name,
                        "--label",
                        launcher.engine().label(),
                        launcher.image(),
                        "/kaniko/executor")));
    assertThat(made.succeeded()).as(made.output()).isTrue();

    new LauncherDiscovery(
            new LauncherSettings(
                List.of(LauncherVariants.podman()), List.of(), "x", Optional.empty()),
            workDirectory)
        .removeLeftovers();

    CommandResult left =
        CommandResult.run(
            Duration.ofSeconds(30), launcher.engine().with(List.of("container", "inspect", name)));
    assertThat(left.succeeded()).isFalse();
  }

  private KanikoLauncher choose(List<List<String>> engines, String image) throws Exception {
    return new LauncherDiscovery(
            new LauncherSettings(
                engines, LauncherVariants.ULIMIT, image, Optional.of(GoTools.provide("kaniko"))),
            workDirectory)
        .choose();
  }

  private static LauncherSettings of(Map<String, String> variables) {
    return LauncherSettings.of(Settings.of(variables));
  }
}
