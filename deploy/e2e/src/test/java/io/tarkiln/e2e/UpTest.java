package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code tarkiln up} starts, refuses to start, and stops. */
@Tag("e2e")
class UpTest {
  private static final String REGISTRY_IMAGE = "localhost/tarkiln-test-registry:3.0.0";

  /** Tells this run's containers from those that a killed run has left. */
  private final String label = "tarkiln-test=" + UUID.randomUUID();

  @TempDir private Path folder;

  @Test
  void a_second_one_on_the_same_state_says_so() throws Exception {
    Path state = folder.resolve("state");
    try (Stack stack = Stack.up(state)) {
      Program.Ended second = Stack.run(Map.of(), "up", "--state", state.toString());

      assertThat(second.exit()).isEqualTo(2);
      assertThat(second.err().strip())
          .contains(state.toString(), "--state")
          .doesNotContain("\n", "Exception");
      assertThat(stack.stop()).isZero();
    }
    assertThat(Files.readString(folder.resolve("up.err"))).doesNotContain("\tat ", "Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--kafka-port", "--s3-port", "--registry-port"})
  void a_port_that_is_busy_is_named_with_its_option(String option) throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      List<String> arguments = new ArrayList<>(List.of("up", "--state", folder + "/state"));
      for (String port : List.of("--kafka-port", "--s3-port", "--registry-port")) {
        arguments.addAll(
            List.of(port, port.equals(option) ? Integer.toString(busy.getLocalPort()) : "0"));
      }

      Program.Ended ran = Stack.run(Map.of(), arguments.toArray(String[]::new));

      assertThat(ran.exit()).isEqualTo(2);
      assertThat(ran.err().strip())
          .contains(option, Integer.toString(busy.getLocalPort()))
          .doesNotContain("\n", "Exception");
    }
  }

  @Test
  void explains_itself() throws Exception {
    Program.Ended ran = Stack.run(Map.of(), "up", "--help");

    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).contains("Examples:", "--registry-port");
  }

  @Test
  void base_images_come_through_the_proxy_project_where_the_upstream_answers() throws Exception {
    Path crane = GoTools.provide("crane");
    Path layer = folder.resolve("layer.tar");
    Files.writeString(folder.resolve("upstream.txt"), "from upstream\n");
    Program.of("tar", "-C", folder.toString(), "-cf", layer.toString(), "upstream.txt").output();
    GitRepository repository =
        GitRepository.in(folder.resolve("app"))
            .file("Dockerfile", "FROM base:9\nCOPY Dockerfile /copied\n")
            .committed();
    try (RegistryServer upstream =
        RegistryServer.start(
            folder.resolve("upstream"), "localhost", RegistryServer.Options.PLAIN)) {
      String image = upstream.address() + "/library/base:9";
      Program.of(crane.toString(), "append", "--insecure", "-f", layer.toString(), "-t", image)
          .output();
      try (Stack stack =
          Stack.up(
              folder.resolve("state"),
              Map.of("TARKILN_UPSTREAM_DOCKER_IO", "http://" + upstream.address()),
              "0")) {
        Program.Ended ran = stack.build("app", repository.url());

        assertThat(ran.exit()).as(ran.err()).isZero();
        ImagePuller registry = new ImagePuller(stack.registry());
        assertThat(registry.file("app/app", "1", "upstream.txt")).contains("from upstream\n");
        assertThat(registry.manifest("dockerhub-proxy/library/base", "9")).isPresent();
        assertThat(stack.stop()).isZero();
      }
    }
  }

  @Test
  void the_registry_is_a_container_where_an_engine_has_its_image() throws Exception {
    String podman = podman();
    importRegistryImage(podman);
    Map<String, String> containers =
        Map.of(
            "TARKILN_CONTAINER_ENGINE", podman,
            "TARKILN_CONTAINER_ARGUMENTS", "--ulimit host --label " + label,
            "TARKILN_REGISTRY_IMAGE", REGISTRY_IMAGE);
    Path state = folder.resolve("state");
    String port = Integer.toString(Ports.free());
    try (Stack killed = Stack.up(state, containers, port)) {
      assertThat(registries(podman)).isEqualTo(1);
      killed.killAlone();
    }

    try (Stack again = Stack.up(state, containers, port)) {
      assertThat(registries(podman)).isEqualTo(1);
      assertThat(
              new ImagePuller(again.registry()).manifest("dockerhub-proxy/library/alpine", "3.20"))
          .isPresent();
      assertThat(again.stop()).isZero();
    }
    assertThat(registries(podman)).isZero();
  }

  private long registries(String podman) throws Exception {
    return Program.of(words(podman, "ps", "--all", "--filter", "label=" + label, "-q"))
        .output()
        .lines()
        .count();
  }

  /** Podman as it runs in containers and virtual machines without systemd, too. */
  private String podman() throws IOException {
    Path configuration =
        Files.writeString(
            folder.resolve("containers.conf"),
            """
            [containers]
            default_ulimits = []
            [engine]
            cgroup_manager = "cgroupfs"
            runtime = "runc"
            """);
    return "env CONTAINERS_CONF=" + configuration + " podman";
  }

  private void importRegistryImage(String podman) throws Exception {
    Path binary = GoTools.provide("registry");
    Path tar = folder.resolve("registry.tar");
    Program.of("tar", "-C", binary.getParent().toString(), "-cf", tar.toString(), "registry")
        .output();
    String[] command =
        words(
            podman,
            "import",
            "--change",
            "ENTRYPOINT [\"/registry\"]",
            tar.toString(),
            REGISTRY_IMAGE);
    Program.of(command).output();
  }

  private static String[] words(String command, String... more) {
    return Stream.concat(Stream.of(command.split(" ")), Stream.of(more)).toArray(String[]::new);
  }
}
