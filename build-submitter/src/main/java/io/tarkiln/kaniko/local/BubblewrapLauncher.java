package io.tarkiln.kaniko.local;

import io.tarkiln.build.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Starts Kaniko under bubblewrap; as root in a user namespace of its own where we are not root. All
 * of it dies with bubblewrap, and bubblewrap with us.
 */
record BubblewrapLauncher(Sandbox sandbox, boolean root) implements KanikoLauncher {
  @Override
  public String name() {
    return "bubblewrap";
  }

  @Override
  public RunningKaniko launch(Launch launch) throws UnavailableException {
    List<String> command = new ArrayList<>(List.of("bwrap", "--die-with-parent", "--new-session"));
    if (!root) {
      command.addAll(List.of("--unshare-user", "--uid", "0", "--gid", "0"));
    }
    command.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    command.addAll(List.of("--bind", launch.directory().root().toString(), "/"));
    command.addAll(List.of("--dev", "/dev", "--proc", "/proc"));
    for (Sandbox.Mount mount : sandbox.mounts(launch)) {
      command.add(mount.readOnly() ? "--ro-bind" : "--bind");
      command.addAll(List.of(mount.source().toString(), mount.target()));
    }
    command.addAll(List.of("--cap-drop", "ALL"));
    for (String capability : Sandbox.CAPABILITIES) {
      command.addAll(List.of("--cap-add", "CAP_" + capability.toUpperCase(Locale.ROOT)));
    }
    command.add("--clearenv");
    Sandbox.ENVIRONMENT.forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
    command.addAll(List.of("--chdir", "/", "--"));
    command.addAll(Sandbox.command(launch));
    // bubblewrap stays as process 1 inside, where its environment can be read: it gets none.
    return new ProcessKaniko(ProcessKaniko.start(command, Map.of()), launch.directory().root());
  }
}
