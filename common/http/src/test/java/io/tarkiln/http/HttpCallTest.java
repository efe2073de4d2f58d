package io.tarkiln.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class HttpCallTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;

  HttpCallTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void brings_status_headers_and_body() throws Exception {
    URI uri =
        answering(
            exchange -> {
              exchange.getResponseHeaders().add("X-Said", exchange.getRequestMethod());
              exchange.sendResponseHeaders(200, 0);
              exchange.getRequestBody().transferTo(exchange.getResponseBody());
            });

    HttpAnswer answer = new HttpCall("PUT", uri, PATIENCE).send("some bytes".getBytes(UTF_8));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-said")).contains("PUT");
    assertThat(text(answer)).isEqualTo("some bytes");
  }

  @Test
  void sends_a_body_of_known_length_as_a_stream() throws Exception {
    byte[] body = new byte[300_000];
    CompletableFuture<String> length = new CompletableFuture<>();
    URI uri =
        answering(
            exchange -> {
              length.complete(exchange.getRequestHeaders().getFirst("Content-Length"));
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(201, -1);
            });

    HttpCall call = new HttpCall("PUT", uri, PATIENCE);
    HttpAnswer answer = call.send(new ByteArrayInputStream(body), body.length);

    assertThat(answer.status()).isEqualTo(201);
    assertThat(length).isCompletedWithValue("300000");
  }

  @Test
  void has_the_body_of_a_refusal() throws Exception {
    URI uri = answering(exchange -> say(exchange, 404, "no such thing"));

    HttpAnswer answer = new HttpCall("GET", uri, PATIENCE).send();

    assertThat(answer.status()).isEqualTo(404);
    assertThat(text(answer)).isEqualTo("no such thing");
  }

  @Test
  void follows_no_redirect() throws Exception {
    URI uri =
        answering(
            exchange -> {
              exchange.getResponseHeaders().add("Location", "/elsewhere");
              exchange.sendResponseHeaders(307, -1);
            });

    HttpAnswer answer = new HttpCall("GET", uri, PATIENCE).send();

    assertThat(answer.status()).isEqualTo(307);
    assertThat(answer.header("Location")).contains("/elsewhere");
  }

  @Test
  void a_body_that_is_cut_fails() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> cut =
          CompletableFuture.runAsync(
              () -> answerOnce(listener, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
      URI uri = URI.create("http://127.0.0.1:" + listener.getLocalPort());

      HttpAnswer answer = new HttpCall("GET", uri, PATIENCE).send();

      assertThrows(EOFException.class, () -> text(answer));
      cut.join();
    }
  }

  @Test
  void what_is_silent_is_given_up() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());

      assertThrows(SocketTimeoutException.class, () -> HttpCall.status(uri, Duration.ofMillis(50)));
    }
  }

  @Test
  void tells_a_status_alone() throws Exception {
    URI uri = answering(exchange -> say(exchange, 403, "not you"));

    assertThat(HttpCall.status(uri, PATIENCE)).isEqualTo(403);
  }

  @Test
  void tells_what_401_to_a_stream_asks_for() throws Exception {
    URI uri =
        answering(
            exchange -> {
              exchange.getRequestBody().readAllBytes();
              exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"any\"");
              say(exchange, 401, "who are you?");
            });

    HttpCall call = new HttpCall("PUT", uri, PATIENCE);
    HttpAnswer answer = call.send(new ByteArrayInputStream(new byte[1]), 1);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).contains("Basic realm=\"any\"");
    assertThat(text(answer)).isEmpty();
  }

  @Test
  void knows_no_patch() {
    assertThrows(
        ProtocolException.class,
        () -> new HttpCall("PATCH", URI.create("http://127.0.0.1"), PATIENCE));
  }

  private URI answering(HttpHandler handler) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void answerOnce(ServerSocket listener, String answer) {
    try (Socket socket = listener.accept()) {
      socket.getInputStream().read(new byte[1000]);
      socket.getOutputStream().write(answer.getBytes(UTF_8));
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  private static String text(HttpAnswer answer) throws IOException {
    try (InputStream in = answer.body()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
