package io.tarkiln.e2e.stack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes HTTP requests on to a server, byte for byte, and lets a script come between a request and
 * the server, or between the server's answer and the client. Each client has a loopback address of
 * its own to connect to, at the same port, so that the script knows who asks.
 */
public final class HttpRelay implements AutoCloseable {
  private static final int MAX_HEAD = 1 << 20;
  private static final int BUFFER = 64 << 10;

  private final String name;
  private final String host;
  private final int port;
  private final Script script;
  private final List<ServerSocket> listeners = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "http-relay");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * A request.
   *
   * @param server what the relay calls the server
   * @param client who asks
   * @param path with query
   */
  public record Request(String server, String client, String method, String path) {}

  /** What becomes of a request, or of its answer. */
  public enum Act {
    PASS,
    /** The connection ends and nothing is passed on. */
    CUT,
    /** The connection ends after half of the body. */
    CUT_MIDWAY
  }

  /** Comes between; may block. */
  public interface Script {
    /** Before the server sees anything of the request. */
    Act before(Request request);

    /** When the server has answered and the client has seen nothing of it. */
    Act after(Request request, int status);
  }

  /** For the server at {@code host:port}. */
  HttpRelay(String name, String address, Script script) {
    this.name = name;
    int colon = address.lastIndexOf(':');
    this.host = address.substring(0, colon);
    this.port = Integer.parseInt(address.substring(colon + 1));
    this.script = script;
  }

  /** Lets a client connect at this loopback address; returns the port, the same for all. */
  int listen(String client, InetAddress at) throws IOException {
    int here = listeners.isEmpty() ? 0 : listeners.get(0).getLocalPort();
    ServerSocket listener = new ServerSocket(here, 200, at);
    listeners.add(listener);
    threads.execute(() -> accept(listener, client));
    return listener.getLocalPort();
  }

  private void accept(ServerSocket listener, String client) {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        threads.execute(() -> converse(socket, client));
      }
    } catch (SocketException closed) {
      return; // by us
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void converse(Socket client, String who) {
    try (client;
        Socket server = new Socket(host, port)) {
      open.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Pipe up =
          new Pipe(new BufferedInputStream(client.getInputStream()), server.getOutputStream());
      Pipe down =
          new Pipe(new BufferedInputStream(server.getInputStream()), client.getOutputStream());
      boolean goesOn = true;
      while (goesOn) {
        goesOn = exchange(up, down, who);
      }
      open.remove(server);
    } catch (IOException ended) {
      return; // one side is gone, and so is the other now
    } finally {
      open.remove(client);
    }
  }

  /** One request and its answer; returns whether the connection may be used again. */
  private boolean exchange(Pipe up, Pipe down, String who) throws IOException {
    Head asked = Head.read(up.in());
    String[] line = asked.line().split(" ");
    Request request = new Request(name, who, line[0], line[1]);
    Act first = script.before(request);
    if (first == Act.CUT) {
      return false;
    }
    up.send(asked.bytes());
    Head answer;
    if (asked.header("expect").isEmpty()) {
      if (!up.body(asked, first)) {
        return false;
      }
      answer = Head.read(down.in());
    } else {
      answer = Head.read(down.in());
      if (answer.status() == 100) {
        down.send(answer.bytes());
        if (!up.body(asked, first)) {
          return false;
        }
        answer = Head.read(down.in());
      }
    }
    Act last = script.after(request, answer.status());
    if (last == Act.CUT) {
      return false;
    }
    down.send(answer.bytes());
    boolean hasBody =
        !request.method().equals("HEAD") && answer.status() != 204 && answer.status() != 304;
    boolean whole = !hasBody || down.body(answer, last);
    return whole && last == Act.PASS && !answer.header("connection").equals("close");
  }

  /** The start line and headers of a message. */
  private record Head(byte[] bytes, List<String> lines) {
    static Head read(InputStream in) throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      int ends = 0;
      while (ends < 2) {
        int next = in.read();
        if (next < 0 || head.size() > MAX_HEAD) {
          throw new EOFException();
        }
        head.write(next);
        ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
      }
      return new Head(head.toByteArray(), head.toString(ISO_8859_1).lines().toList());
    }

    String line() {
      return lines.get(0);
    }

    int status() {
      return Integer.parseInt(line().split(" ")[1]);
    }

    String header(String name) {
      return lines.stream()
          .skip(1)
          .filter(each -> each.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(each -> each.substring(name.length() + 1).strip().toLowerCase(Locale.ROOT))
          .findFirst()
          .orElse("");
    }
  }

  /** One direction. */
  private record Pipe(InputStream in, OutputStream out) {
    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Passes a body on, or half of it; returns whether all of it went. */
    boolean body(Head head, Act act) throws IOException {
      boolean isChunked = head.header("transfer-encoding").contains("chunked");
      if (act == Act.CUT_MIDWAY && isChunked) {
        return false;
      }
      if (isChunked) {
        chunks();
        return true;
      }
      String given = head.header("content-length");
      long length = given.isEmpty() ? 0 : Long.parseLong(given);
      copy(act == Act.CUT_MIDWAY ? length / 2 : length);
      return act != Act.CUT_MIDWAY;
    }

    private void chunks() throws IOException {
      while (true) {
        String size = line();
        send((size + "\r\n").getBytes(ISO_8859_1));
        long length = Long.parseLong(size.split(";")[0].strip(), 16);
        if (length == 0) {
          break;
        }
        copy(length + 2);
      }
      String trailer;
      do {
        trailer = line();
        send((trailer + "\r\n").getBytes(ISO_8859_1));
      } while (!trailer.isEmpty());
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException();
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    private void copy(long length) throws IOException {
      byte[] buffer = new byte[BUFFER];
      long left = length;
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
          throw new EOFException();
        }
        out.write(buffer, 0, n);
        left -= n;
      }
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket listener : listeners) {
      listener.close();
    }
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
