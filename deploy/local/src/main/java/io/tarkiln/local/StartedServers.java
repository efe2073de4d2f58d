package io.tarkiln.local;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Servers that were started one upon the other, and end in the opposite order. */
final class StartedServers implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    started.push(part);
    return part;
  }

  /** Ends all of them, whatever becomes of each. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception failed) {
        IOException named =
            new IOException(part.getClass().getSimpleName() + " did not stop cleanly", failed);
        if (failure != null) {
          named.addSuppressed(failure);
        }
        failure = named;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
