package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.limit.RunGroup;
import io.tarkiln.kaniko.limit.RunLimits;
import io.tarkiln.kaniko.network.RunNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts Kaniko so that it sees its run directory and nothing else of this machine. */
public interface KanikoLauncher {
  /** The means, for people: {@code podman}, {@code bubblewrap}. */
  String name();

  /** Whether it can start Kaniko in a network that was made for the run. */
  default boolean entersNetworks() {
    return true;
  }

  /** Starts it; the calling thread must live as long as Kaniko, which dies with it. */
  KanikoProcess launch(Launch launch) throws UnavailableException;

  /**
   * What to start.
   *
   * @param network what it can reach
   * @param group what holds it to its limits
   * @param limits what a container is told of them
   * @param arguments Kaniko's, each as it is
   */
  record Launch(
      RunDirectory directory,
      RunNetwork network,
      RunGroup group,
      Optional<RunLimits> limits,
      List<String> arguments) {
    public Launch {
      arguments = List.copyOf(arguments);
    }

    /** In this machine's network and without limits. */
    Launch(RunDirectory directory, List<String> arguments) {
      this(directory, RunNetwork.HOST, RunGroup.NONE, Optional.empty(), arguments);
    }

    /** What to put before a command so that it runs in the network and within the limits. */
    List<String> enter() {
      List<String> enter = new ArrayList<>(group.enter());
      enter.addAll(network.enter());
      return enter;
    }
  }
}
