package io.tarkiln.kaniko.access;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.KanikoRun;

/** Gives runs what they may do at registries. */
@FunctionalInterface
public interface AccessIssuer {
  /** Gives nothing: registries are used as everybody may. */
  AccessIssuer NOTHING = run -> RunAccess.NOTHING;

  /**
   * What a run may do from now on; asked again before it expires. Blocks for as long as registries
   * and their token services take to answer.
   *
   * @throws RejectedException when an account for builds is not accepted
   * @throws UnavailableException when a registry or its token service does not answer
   */
  RunAccess issue(KanikoRun run) throws RejectedException, UnavailableException;
}
