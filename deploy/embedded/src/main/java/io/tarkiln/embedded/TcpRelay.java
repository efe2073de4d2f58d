package io.tarkiln.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Passes connections on to a server: counts their bytes, and cuts and slows them as it is told. */
public final class TcpRelay implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final ServerSocket listener;
  private final String host;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "tcp-relay");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong up = new AtomicLong();
  private final AtomicLong down = new AtomicLong();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile Cut requests = Cut.NONE;
  private volatile Cut answers = Cut.NONE;
  private volatile Pace pace = Pace.FULL;

  /** Connections to be cut, each once it has passed so many bytes. */
  private record Cut(long bytes, AtomicInteger left) {
    static final Cut NONE = new Cut(Long.MAX_VALUE, new AtomicInteger());
  }

  /** So many bytes at a time, and how long each lot takes. */
  private record Pace(int bytes, Duration pause) {
    static final Pace FULL = new Pace(BUFFER, Duration.ZERO);

    void keep() throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
  }

  private TcpRelay(ServerSocket listener, String host, int port) {
    this.listener = listener;
    this.host = host;
    this.port = port;
  }

  /** Listens on a free port of loopback for a server at {@code host:port}. */
  public static TcpRelay to(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    TcpRelay relay =
        new TcpRelay(
            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
            address.substring(0, colon),
            Integer.parseInt(address.substring(colon + 1)));
    relay.threads.execute(relay::accept);
    return relay;
  }

  /** Cuts so many connections, each once it has taken so many bytes towards the server. */
  public void cutRequests(long bytes, int times) {
    requests = new Cut(bytes, new AtomicInteger(times));
  }

  /** Cuts so many connections, each once it has brought so many bytes from the server. */
  public void cutAnswers(long bytes, int times) {
    answers = new Cut(bytes, new AtomicInteger(times));
  }

  /** Passes on at most so many bytes at a time, both ways, and each lot so much later. */
  public void slowDown(int bytes, Duration pause) {
    pace = new Pace(Math.min(bytes, BUFFER), pause);
  }

  /** Host and port to connect to instead of the server's. */
  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Bytes that went to the server. */
  public long up() {
    return up.get();
  }

  /** Bytes that came from the server. */
  public long down() {
    return down.get();
  }

  /** Connections that were cut. */
  public int cuts() {
    return cuts.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        threads.execute(() -> relay(client));
      }
    } catch (SocketException closed) {
      return; // by us
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void relay(Socket client) {
    try {
      Socket server = new Socket(host, port);
      open.add(server);
      threads.execute(() -> pass(server, client, down));
      pass(client, server, up);
    } catch (IOException unreachable) {
      end(client);
    }
  }

  private void pass(Socket from, Socket to, AtomicLong count) {
    byte[] buffer = new byte[BUFFER];
    long here = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer, 0, pace.bytes()); n >= 0; n = in.read(buffer, 0, pace.bytes())) {
        pace.keep();
        out.write(buffer, 0, n);
        count.addAndGet(n);
        here += n;
        Cut cut = count == up ? requests : answers;
        if (here >= cut.bytes() && cut.left().getAndDecrement() > 0) {
          cuts.incrementAndGet();
          return;
        }
      }
    } catch (IOException broken) {
      return; // both ends are closed below
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
    }
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException already) {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(this::end);
    threads.shutdownNow();
  }
}
