package io.tarkiln.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server that answers as the test says: for what a real registry cannot be made to do. */
public final class ScriptedServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** A request that came. */
  public record Seen(String method, String uri, Map<String, List<String>> headers, byte[] body) {
    public Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().get(0))
          .findFirst();
    }

    /** Method and path, without the query. */
    public String what() {
      return method + " " + uri.replaceFirst("\\?.*", "");
    }
  }

  /**
   * What is answered; a status of 0 cuts the connection, a Content-Length of more than the body
   * cuts it within.
   */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    public Answer with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }

    public Answer saying(String json) {
      return new Answer(status, headers, json.getBytes(StandardCharsets.UTF_8));
    }
  }

  public ScriptedServer(Function<Seen, Answer> script) throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, script));
    server.start();
  }

  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public List<Seen> seen() {
    return new ArrayList<>(seen);
  }

  private void answer(HttpExchange exchange, Function<Seen, Answer> script) throws IOException {
    Seen request =
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Map.copyOf(exchange.getRequestHeaders()),
            exchange.getRequestBody().readAllBytes());
    seen.add(request);
    Answer answer = script.apply(request);
    if (answer.status() == 0) {
      exchange.close();
      return;
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    boolean isEmpty = answer.body().length == 0 || request.method().equals("HEAD");
    long length =
        Long.parseLong(
            answer
                .headers()
                .getOrDefault("Content-Length", Integer.toString(answer.body().length)));
    exchange.sendResponseHeaders(answer.status(), isEmpty ? -1 : length);
    if (!isEmpty) {
      exchange.getResponseBody().write(answer.body());
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
