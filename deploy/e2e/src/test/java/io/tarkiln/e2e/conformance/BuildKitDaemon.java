package io.tarkiln.e2e.conformance;

import io.tarkiln.e2e.conformance.cases.ConformanceCase;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.Processes;
import io.tarkiln.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A BuildKit daemon of our own, which says what an image is to be. */
final class BuildKitDaemon implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final Path tools;
  private final String address;
  private final Process daemon;

  private BuildKitDaemon(Path tools, String address, Process daemon) {
    this.tools = tools;
    this.address = address;
    this.daemon = daemon;
  }

  /**
   * Starts a daemon.
   *
   * @param registry that has Docker Hub's images below {@code dockerhub-proxy}
   */
  static BuildKitDaemon start(Path folder, String registry) throws IOException {
    if (Program.of("sh", "-c", "command -v runc").run().exit() != 0) {
      throw new IOException("BuildKit needs runc to run commands: apt-get install runc");
    }
    Path tools = GoTools.provide("buildkit");
    Files.createDirectories(folder);
    Path config = folder.resolve("buildkitd.toml");
    Files.writeString(
        config,
        """
        [registry."docker.io"]
          mirrors = ["%1$s/dockerhub-proxy"]
        [registry."%1$s"]
          http = true
        """
            .formatted(registry));
    String address = "unix://" + folder.resolve("socket");
    Path log = folder.resolve("log");
    Process daemon =
        new ProcessBuilder(
                tools.resolve("buildkitd").toString(),
                "--root",
                folder.resolve("root").toString(),
                "--addr",
                address,
                "--config",
                config.toString(),
                "--oci-worker=true",
                "--oci-worker-gc=false",
                "--containerd-worker=false")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    BuildKitDaemon started = new BuildKitDaemon(tools, address, daemon);
    if (!Processes.awaitStart(
        daemon, START, () -> started.ask(List.of("debug", "workers")).exit() == 0)) {
      started.close();
      throw new IOException("BuildKit does not start: " + Files.readString(log));
    }
    return started;
  }

  private Program.Ended ask(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(tools.resolve("buildctl").toString(), "--addr", address));
    command.addAll(arguments);
    return Program.of(command).merged().run();
  }

  /** Builds a version of a case that is in a folder. */
  BuiltImage build(ConformanceCase one, Path folder, int version, Path scratch) throws IOException {
    Path tar = scratch.resolve("oracle.tar");
    Map<String, String> arguments = version == 1 ? one.arguments() : one.secondArguments();
    List<String> command = command(folder, one.context(), one.dockerfile(), arguments);
    one.target().ifPresent(target -> command.addAll(List.of("--opt", "target=" + target)));
    command.addAll(List.of("--output", "type=docker,name=case,dest=" + tar));
    Program.Ended done = ask(command);
    if (done.exit() != 0) {
      List<String> lines = done.out().lines().toList();
      return new BuiltImage.Failed(
          lines.isEmpty() ? "no word" : lines.get(lines.size() - 1), lines);
    }
    try {
      return new BuiltImage.Image(FlatImage.read(tar), List.of(), List.of());
    } finally {
      Files.delete(tar);
    }
  }

  /**
   * Builds a base image and pushes it.
   *
   * @param names the image's
   * @param options of the exporter, such as {@code compression=zstd}
   */
  void push(ConformanceCase base, Path folder, List<String> names, String options)
      throws IOException {
    List<String> command = command(folder, base.context(), base.dockerfile(), base.arguments());
    command.addAll(
        List.of(
            "--output",
            "type=image,\"name=%s\",push=true%s"
                .formatted(String.join(",", names), options.isEmpty() ? options : "," + options)));
    Program.Ended done = ask(command);
    if (done.exit() != 0) {
      throw new IOException("base image %s: %s".formatted(base.name(), done.out()));
    }
  }

  private static List<String> command(
      Path folder, String context, String dockerfile, Map<String, String> arguments) {
    Path file = folder.resolve(dockerfile);
    List<String> command =
        new ArrayList<>(
            List.of(
                "build",
                "--progress=plain",
                "--frontend=dockerfile.v0",
                "--local",
                "context=" + folder.resolve(context),
                "--local",
                "dockerfile=" + file.getParent(),
                "--opt",
                "filename=" + file.getFileName(),
                // Otherwise a syntax directive has the frontend pulled, which is the one built in.
                "--opt",
                "cmdline=dockerfile"));
    arguments.forEach(
        (name, value) -> command.addAll(List.of("--opt", "build-arg:" + name + "=" + value)));
    return command;
  }

  @Override
  public void close() {
    Processes.end(daemon, Duration.ofSeconds(20));
  }
}
