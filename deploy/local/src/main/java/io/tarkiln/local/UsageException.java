package io.tarkiln.local;

import io.tarkiln.embedded.Ports;

/** What the person who started this can mend; ends with status 2. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  /** A port of a server to start, 0 for any. */
  static void requireFree(String host, int port, String option) throws UsageException {
    if (port != 0 && !Ports.isFree(host, port)) {
      throw new UsageException(
          "port %d of %s is in use: choose another with %s".formatted(port, host, option));
    }
  }
}
