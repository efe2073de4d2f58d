package io.tarkiln.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** TCP ports of this machine. */
public final class Ports {
  private static final int FIRST = 10_000;
  private static final int COUNT = 20_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  /**
   * A port from 10000 to 29999 that nobody listens on just now, and that this process was not given
   * before. The system hands out higher ones to connections (from 32768 on Linux, 49152 elsewhere:
   * RFC 6335), and one of these could take the port before a server has started, or while it starts
   * again.
   */
  public static int free() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree("0.0.0.0", port)) {
        return port;
      }
    }
    throw new IOException("no TCP port from %d on is free".formatted(FIRST));
  }

  /** Whether a server could listen on this port of the host now. */
  public static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /** Connects to this port of the host; true, or it throws. */
  public static boolean isOpen(String host, int port) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      return socket.isConnected();
    }
  }
}
