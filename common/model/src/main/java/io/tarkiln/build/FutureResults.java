package io.tarkiln.build;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What came of work in another thread, as if it had been done here. */
public final class FutureResults {
  private FutureResults() {}

  /** Waits for the result, or for the outcome that the work ended with instead. */
  public static <T> T of(Future<T> work) throws RejectedException, UnavailableException {
    try {
      return work.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RejectedException rejected) {
        throw rejected;
      }
      if (failed.getCause() instanceof UnavailableException unavailable) {
        throw unavailable;
      }
      throw new IllegalStateException("work failed in a way it should not", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", interrupted);
    }
  }
}
