package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Kaniko as a child process: a sandbox with this root, or the client of a container engine. */
record ChildKanikoProcess(Process process, Path root) implements KanikoProcess {
  /** Starts a command with this environment and nothing on its standard input. */
  static Process start(List<String> command, Map<String, String> environment)
      throws UnavailableException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(CommandResult.NOTHING);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException failed) {
      throw new UnavailableException("cannot start " + command.get(0), failed);
    }
  }

  @Override
  public InputStream output() {
    return process.getInputStream();
  }

  @Override
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    OrphanProcesses.kill(root);
  }

  @Override
  public long processes() {
    return process.descendants().count();
  }

  @Override
  public long bytesElsewhere() {
    return 0;
  }
}
