package io.tarkiln.local;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The process behind {@code tarkiln up}. */
@QuarkusMain
public final class Main {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(45);

  private static final CountDownLatch ENDED = new CountDownLatch(1);
  private static volatile int status;

  private Main() {}

  public static void main(String[] arguments) {
    status =
        new CommandLine(new Up())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  command.getErr().println("tarkiln up: " + failure.getMessage());
                  return failure instanceof UsageException ? 2 : 3;
                })
            .execute(arguments);
    ENDED.countDown();
    System.exit(status);
  }

  /**
   * From now on the process ends, when it is told to, after everything was stopped in order, and
   * with the status that this has. Java alone would neither wait for that nor report it.
   */
  static void stopInOrder() {
    Runtime.getRuntime().addShutdownHook(new Thread(Main::awaitEnd, "stop-in-order"));
  }

  private static void awaitEnd() {
    try {
      if (ENDED.await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(status);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
