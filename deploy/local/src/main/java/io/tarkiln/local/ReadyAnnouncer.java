package io.tarkiln.local;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** Runs once all channels are connected: says so, and waits for the end. */
public class ReadyAnnouncer implements QuarkusApplication {
  /** What to print; set before Quarkus makes this object. */
  static volatile String line = "";

  @Override
  public int run(String... arguments) {
    System.out.println(line);
    System.out.flush();
    Quarkus.waitForExit();
    return 0;
  }
}
