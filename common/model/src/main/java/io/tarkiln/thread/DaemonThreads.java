package io.tarkiln.thread;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that have a name, keep no process alive, and see the classes that their maker sees. */
public final class DaemonThreads {
  private DaemonThreads() {}

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
