package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;

/** Finds the launcher of this machine. */
public interface LauncherSelector {
  /**
   * The launcher, found out at the first call and the same ever after.
   *
   * @throws UnavailableException when there is none now; the message says what to install
   */
  KanikoLauncher choose() throws UnavailableException;

  /** Ends what an earlier process left running for the same work directory. */
  void removeLeftovers();
}
