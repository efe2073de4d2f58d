package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import java.util.List;

/** Starts Kaniko so that it sees its run directory and nothing else of this machine. */
public interface KanikoLauncher {
  /** The means, for people: {@code podman}, {@code bubblewrap}. */
  String name();

  /** Starts it; the calling thread must live as long as Kaniko, which dies with it. */
  KanikoProcess launch(Launch launch) throws UnavailableException;

  /**
   * What to start.
   *
   * @param arguments Kaniko's, each as it is
   */
  record Launch(RunDirectory directory, List<String> arguments) {
    public Launch {
      arguments = List.copyOf(arguments);
    }
  }
}
