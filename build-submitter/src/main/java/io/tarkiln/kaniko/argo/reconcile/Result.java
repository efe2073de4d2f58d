package io.tarkiln.kaniko.argo.reconcile;

import java.time.Duration;
import java.util.Optional;

/**
 * What is to come of an object after a look at it.
 *
 * @param requeueAfter when it is to be looked at again, whatever is heard of it
 */
public record Result(Optional<Duration> requeueAfter) {
  /** Nothing, until something is heard of the object. */
  public static final Result DONE = new Result(Optional.empty());

  /** Another look, after so long at the latest. */
  public static Result after(Duration wait) {
    return new Result(Optional.of(wait));
  }
}
