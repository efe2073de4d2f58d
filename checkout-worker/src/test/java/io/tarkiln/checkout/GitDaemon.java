package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Serves all repositories of a folder by git's own {@code git daemon}, which knows no accounts. */
final class GitDaemon implements AutoCloseable {
  private static final String FILTERS = "uploadpack.allowFilter";
  private static final int MAX_TRIES = 5;
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final Process daemon;
  private final int port;

  private GitDaemon(Process daemon, int port) {
    this.daemon = daemon;
    this.port = port;
  }

  static GitDaemon start(Path folder) throws Exception {
    return start(
        folder, List.of("--informative-errors"), Map.of(FILTERS, "true"), Optional.empty());
  }

  /** One that gives no reasons, as is usual. */
  static GitDaemon silent(Path folder) throws Exception {
    return start(folder, List.of(), Map.of(), Optional.empty());
  }

  /**
   * One from before version 2 of git's protocol.
   *
   * @param programs an empty folder for what makes it one
   */
  static GitDaemon old(Path folder, Path programs, boolean filters) throws Exception {
    program(programs.resolve("git"), "unset GIT_PROTOCOL GIT_EXEC_PATH; exec /usr/bin/git");
    program(
        programs.resolve("git-daemon"), "exec " + printed("git", "--exec-path") + "/git-daemon");
    return start(
        folder,
        List.of("--informative-errors"),
        Map.of(FILTERS, Boolean.toString(filters)),
        Optional.of(programs));
  }

  private static void program(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n%s \"$@\"\n".formatted(command));
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make a program of " + file);
    }
  }

  private static String printed(String... command) throws IOException {
    return new String(new ProcessBuilder(command).start().getInputStream().readAllBytes(), UTF_8)
        .strip();
  }

  private static GitDaemon start(
      Path folder, List<String> options, Map<String, String> config, Optional<Path> programs)
      throws Exception {
    for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
      int port = Ports.free();
      Process daemon = daemon(folder, port, options, config, programs);
      if (Processes.awaitStart(daemon, START_LIMIT, () -> Ports.isOpen("127.0.0.1", port))) {
        return new GitDaemon(daemon, port);
      }
    }
    throw new IOException("these tests need `git daemon`, which is part of git: does it start?");
  }

  private static Process daemon(
      Path folder,
      int port,
      List<String> options,
      Map<String, String> config,
      Optional<Path> programs)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "daemon",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--base-path=" + folder,
                "--export-all"));
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Map<String, String> all = new TreeMap<>(config);
    all.put("safe.directory", "*");
    Map<String, String> environment = builder.environment();
    programs.ifPresent(own -> environment.put("GIT_EXEC_PATH", own.toString()));
    environment.put("GIT_CONFIG_COUNT", Integer.toString(all.size()));
    int number = 0;
    for (Map.Entry<String, String> each : all.entrySet()) {
      environment.put("GIT_CONFIG_KEY_" + number, each.getKey());
      environment.put("GIT_CONFIG_VALUE_" + number, each.getValue());
      number++;
    }
    return builder.start();
  }

  String url(String repository) {
    return "git://127.0.0.1:%d/%s".formatted(port, repository);
  }

  @Override
  public void close() {
    daemon.descendants().forEach(ProcessHandle::destroy);
    daemon.destroy();
  }
}
