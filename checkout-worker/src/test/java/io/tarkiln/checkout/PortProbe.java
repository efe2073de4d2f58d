package io.tarkiln.checkout;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** For servers that are processes of their own. */
final class PortProbe {
  private PortProbe() {}

  /** Waits until a process listens; false when it ends instead. */
  static boolean answers(Process process, int port) throws Exception {
    for (int attempt = 0; attempt < 100; attempt++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return socket.isConnected();
      } catch (IOException notYet) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          return false;
        }
      }
    }
    return false;
  }
}
