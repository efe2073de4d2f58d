package io.tarkiln.checkout;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.policy.Policies;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A process that checks out many builds at once, to be killed. */
final class CheckoutProcess {
  private static final int AT_ONCE = 10;
  private static final int MAX_TRIES = 10;
  private static final int WAIT_MS = 200;

  private CheckoutProcess() {}

  /**
   * Arguments: a folder, how many builds, addresses of repositories; S3 is in the environment. Ends
   * with the first build that fails, whatever the others are at.
   */
  public static void main(String[] arguments) {
    int code = 1;
    try {
      run(arguments);
      code = 0;
    } catch (Exception failed) {
      failed.printStackTrace();
    } finally {
      System.exit(code);
    }
  }

  private static void run(String[] arguments) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try (ObjectStore store = ObjectStore.connect(Settings.ofEnvironment());
        CheckoutStep checkout =
            new CheckoutStep(
                CheckoutRequests.settings(Path.of(arguments[0])), store, Policies.NONE)) {
      List<Future<String>> builds = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        String url = arguments[2 + i % (arguments.length - 2)];
        builds.add(
            threads.submit(() -> checkedOut(checkout, CheckoutRequests.of(url, "main", "app=."))));
      }
      for (Future<String> build : builds) {
        System.out.println("stored " + build.get());
      }
      System.out.println("all done");
    }
  }

  /** As a stage does it: what cannot be had now is asked for again. */
  private static String checkedOut(CheckoutStep checkout, Event<BuildRequested> event)
      throws Exception {
    int left = MAX_TRIES;
    while (true) {
      try {
        StepResult result = checkout.run(event);
        if (result.free().isEmpty()) {
          return ((SourceCheckedOut) result.events().get(0).data()).input().sourceKey();
        }
        result.free().get().toCompletableFuture().join();
      } catch (UnavailableException unavailable) {
        if (--left > 0) {
          System.out.println("again, as " + unavailable.getMessage());
          Thread.sleep(WAIT_MS);
        } else {
          throw unavailable;
        }
      }
    }
  }
}
