package io.tarkiln.kaniko.launch;

import io.tarkiln.embedded.GoTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** The means of launching Kaniko that tests go through. */
public enum LauncherVariants {
  BUBBLEWRAP("bwrap", "bubblewrap") {
    @Override
    KanikoLauncher launcher(Path workDirectory) throws IOException {
      return new BubblewrapLauncher(sandbox(), true);
    }
  },
  /** As for users who are not root. */
  BUBBLEWRAP_IN_USER_NAMESPACE("bwrap", "bubblewrap") {
    @Override
    KanikoLauncher launcher(Path workDirectory) throws IOException {
      return new BubblewrapLauncher(sandbox(), false);
    }
  },
  UNSHARE("setpriv", "util-linux") {
    @Override
    KanikoLauncher launcher(Path workDirectory) throws IOException {
      return new UnshareLauncher(sandbox());
    }
  },
  PODMAN("podman", "podman and runc") {
    @Override
    KanikoLauncher launcher(Path workDirectory) throws IOException {
      return new ContainerLauncher(new ContainerEngine(podman(), workDirectory), ULIMIT, image());
    }
  };

  /** Podman takes the limits of the host, for hosts that refuse to have them raised. */
  static final List<String> ULIMIT = List.of("--ulimit", "host");

  private static final String IMAGE = "localhost/tarkiln-test-kaniko:1.24.0";

  private static String imported = "";

  private final String program;
  private final String aptPackage;

  LauncherVariants(String program, String aptPackage) {
    this.program = program;
    this.aptPackage = aptPackage;
  }

  /** The launcher; fails with a sentence where its program is not there. */
  public final KanikoLauncher in(Path workDirectory) throws IOException {
    String version = program.equals("podman") ? "version" : "--version";
    if (!CommandResult.run(Duration.ofSeconds(20), List.of(program, version)).succeeded()) {
      throw new AssertionError(
          "this test needs %s: apt-get install %s".formatted(program, aptPackage));
    }
    return launcher(workDirectory);
  }

  abstract KanikoLauncher launcher(Path workDirectory) throws IOException;

  private static SandboxRoot sandbox() throws IOException {
    return new SandboxRoot(GoTools.provide("kaniko"));
  }

  /** Podman as it runs in containers and virtual machines without systemd, too. */
  static List<String> podman() throws IOException {
    Path configuration = Files.createTempFile("containers", ".conf");
    configuration.toFile().deleteOnExit();
    Files.writeString(
        configuration,
        """
        [containers]
        default_ulimits = []
        [engine]
        cgroup_manager = "cgroupfs"
        runtime = "runc"
        """);
    return List.of("env", "CONTAINERS_CONF=" + configuration, "podman");
  }

  /** An image like Kaniko's own, around the executor that is built from its module. */
  static synchronized String image() throws IOException {
    if (imported.isEmpty()) {
      importImage();
      imported = IMAGE;
    }
    return imported;
  }

  private static void importImage() throws IOException {
    ContainerEngine podman = new ContainerEngine(podman(), Path.of("/"));
    Path context = Files.createTempDirectory("kaniko-image");
    Path kaniko =
        Files.createDirectories(context.resolve("kaniko/ssl/certs")).getParent().getParent();
    Files.copy(
        GoTools.provide("kaniko"), kaniko.resolve("executor"), StandardCopyOption.COPY_ATTRIBUTES);
    Path tar = context.resolve("image.tar");
    run(List.of("tar", "-C", context.toString(), "-cf", tar.toString(), "kaniko"));
    run(
        podman.with(
            List.of(
                "import",
                "--change",
                "ENV HOME=/root",
                "--change",
                "ENV DOCKER_CONFIG=/kaniko/.docker",
                "--change",
                "ENV SSL_CERT_DIR=/kaniko/ssl/certs",
                tar.toString(),
                IMAGE)));
    new RunDirectory(context).close();
  }

  private static void run(List<String> command) throws IOException {
    CommandResult done = CommandResult.run(Duration.ofMinutes(2), command);
    if (!done.succeeded()) {
      throw new IOException(command + " failed: " + done.output());
    }
  }
}
