package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Starts Kaniko with util-linux alone, for root where bubblewrap is missing. A script of ours,
 * always the same, mounts what is handed to it as arguments and then becomes Kaniko; it reads none
 * of Kaniko's arguments.
 */
record UnshareLauncher(SandboxRoot sandbox) implements KanikoLauncher {
  private static final String SCRIPT = script();

  @Override
  public String name() {
    return "unshare";
  }

  @Override
  public KanikoProcess launch(Launch launch) throws UnavailableException {
    List<String> command = new ArrayList<>(launch.enter());
    command.addAll(List.of("setpriv", "--pdeathsig=KILL"));
    command.addAll(List.of("unshare", "--mount", "--pid", "--ipc", "--uts", "--fork"));
    command.addAll(List.of("--kill-child=KILL", "sh", "-c", SCRIPT, "sandbox"));
    command.addAll(List.of(launch.directory().root().toString(), capabilities()));
    for (SandboxRoot.Mount mount : sandbox.mounts(launch)) {
      command.addAll(
          List.of(
              mount.readOnly() ? "ro" : "rw",
              mount.source().toString(),
              mount.target().substring(1)));
    }
    command.add("--");
    command.addAll(SandboxRoot.command(launch));
    return new ChildKanikoProcess(
        ChildKanikoProcess.start(command, SandboxRoot.ENVIRONMENT), launch.directory().root());
  }

  private static String capabilities() {
    return SandboxRoot.CAPABILITIES.stream()
        .map(capability -> ",+" + capability)
        .collect(Collectors.joining("", "-all", ""));
  }

  private static String script() {
    try (InputStream script = UnshareLauncher.class.getResourceAsStream("sandbox.sh")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot read sandbox.sh from our own jar", broken);
    }
  }
}
