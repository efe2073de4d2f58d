package io.tarkiln.messaging;

import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.WriteOnceCheck;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets no service start on an S3 server that cannot keep a build from ending twice. */
final class StoreStartupCheck {
  private static final Logger LOG = LoggerFactory.getLogger(StoreStartupCheck.class);

  /** A server that is slower than this is away; a pod that does not start is killed. */
  private static final int PATIENCE_SECONDS = 10;

  private StoreStartupCheck() {}

  /**
   * Asks the server. One that is away is waited for as at any other time: it is asked again before
   * the first record is worked on.
   *
   * @throws IllegalStateException that ends the process
   */
  static void pass(ObjectStore store) {
    FutureTask<Boolean> check = new FutureTask<>(store.writeOnceCheck()::passes);
    Thread asking = new Thread(check, "store-gate");
    asking.setDaemon(true);
    asking.start();
    try {
      if (!check.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(WriteOnceCheck.FAULT + ": " + WriteOnceCheck.REMEDY);
      }
    } catch (ExecutionException away) {
      LOG.warn(
          "S3 is not there yet message={}", Objects.requireNonNull(away.getCause()).getMessage());
    } catch (TimeoutException away) {
      LOG.warn("S3 is not there yet waited={}s", PATIENCE_SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
