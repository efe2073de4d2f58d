package io.tarkiln.kaniko;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;

/**
 * Runs Kaniko somewhere. A run is named by build and service: submitting it again adopts the one
 * that is under way, and one that is not under way and whose image tar is in S3 has ended well
 * already.
 *
 * <p>An engine may run Kaniko itself, or hand it over and learn the end later, perhaps in another
 * process than the one that submitted; it then restores the run from what it left with it.
 */
public interface KanikoEngine extends AutoCloseable {
  /** What events call it, such as {@code local}. */
  String name();

  /**
   * Begins, once and before anything else: what happens to runs is passed to the observer from now
   * on.
   */
  void start(RunObserver observer);

  /**
   * Accepts a run, or adopts the one of this name. May block for as long as S3 or the engine's
   * server take to answer, and the first time until Kaniko's image is pulled; never for the run.
   *
   * @throws RejectedException when the engine can never do this run
   * @throws UnavailableException when it cannot accept runs now
   */
  SubmittedRun submit(KanikoRun run) throws RejectedException, UnavailableException;

  /** Stops every run of a build that waits or is under way; does nothing where there is none. */
  void cancel(BuildId build);

  /** Lets go of all runs without telling their ends; they come again after the next start. */
  @Override
  void close();
}
