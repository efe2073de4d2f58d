package io.tarkiln.kaniko;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes an engine's threads: named, not keeping the process alive, seeing the same classes. */
public final class EngineThreads {
  private EngineThreads() {}

  /** A factory of threads of this name and a number. */
  public static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    return work -> {
      Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      thread.setContextClassLoader(classes);
      return thread;
    };
  }
}
