package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Starts Kaniko under bubblewrap; as root in a user namespace of its own where we are not root. All
 * of it dies with bubblewrap, and bubblewrap with us.
 */
record BubblewrapLauncher(SandboxRoot sandbox, boolean root) implements KanikoLauncher {
  @Override
  public String name() {
    return "bubblewrap";
  }

  @Override
  public KanikoProcess launch(Launch launch) throws UnavailableException {
    List<String> command = new ArrayList<>(launch.enter());
    command.addAll(List.of("bwrap", "--die-with-parent", "--new-session"));
    if (!root) {
      command.addAll(List.of("--unshare-user", "--uid", "0", "--gid", "0"));
    }
    command.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    command.addAll(List.of("--bind", launch.directory().root().toString(), "/"));
    command.addAll(List.of("--dev", "/dev", "--proc", "/proc"));
    for (SandboxRoot.Mount mount : sandbox.mounts(launch)) {
      command.add(mount.readOnly() ? "--ro-bind" : "--bind");
      command.addAll(List.of(mount.source().toString(), mount.target()));
    }
    command.addAll(List.of("--cap-drop", "ALL"));
    for (String capability : SandboxRoot.CAPABILITIES) {
      command.addAll(List.of("--cap-add", "CAP_" + capability.toUpperCase(Locale.ROOT)));
    }
    command.add("--clearenv");
    SandboxRoot.ENVIRONMENT.forEach(
        (name, value) -> command.addAll(List.of("--setenv", name, value)));
    command.addAll(List.of("--chdir", "/", "--"));
    command.addAll(SandboxRoot.command(launch));
    // bubblewrap stays as process 1 inside, where its environment can be read: it gets none.
    return new ChildKanikoProcess(
        ChildKanikoProcess.start(command, Map.of()), launch.directory().root());
  }
}
