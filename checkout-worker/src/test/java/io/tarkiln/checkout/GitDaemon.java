package io.tarkiln.checkout;

import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Serves all repositories of a folder by git's own {@code git daemon}, which knows no accounts. */
final class GitDaemon implements AutoCloseable {
  private static final int MAX_TRIES = 5;
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final Process daemon;
  private final int port;

  private GitDaemon(Process daemon, int port) {
    this.daemon = daemon;
    this.port = port;
  }

  static GitDaemon start(Path folder) throws Exception {
    for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
      int port = Ports.free();
      Process daemon = daemon(folder, port);
      if (Processes.awaitStart(daemon, START_LIMIT, () -> Ports.isOpen("127.0.0.1", port))) {
        return new GitDaemon(daemon, port);
      }
    }
    throw new IOException("these tests need `git daemon`, which is part of git: does it start?");
  }

  private static Process daemon(Path folder, int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "git",
                "daemon",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--base-path=" + folder,
                "--export-all",
                "--informative-errors")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .putAll(
            Map.of(
                "GIT_CONFIG_COUNT", "2",
                "GIT_CONFIG_KEY_0", "safe.directory",
                "GIT_CONFIG_VALUE_0", "*",
                "GIT_CONFIG_KEY_1", "uploadpack.allowFilter",
                "GIT_CONFIG_VALUE_1", "true"));
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
