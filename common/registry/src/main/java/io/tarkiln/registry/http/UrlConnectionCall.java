package io.tarkiln.registry.http;

import io.tarkiln.registry.blob.BlobBody;
import io.tarkiln.settings.IdleConnections;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;

/**
 * One request and its answer by the JDK's older client, which sends a blob for a third of the
 * processor time that the newer one takes, starts quicker, and leaves no thread that an ending JVM
 * would wait for. It knows no PATCH, and keeps back what an answer of 401 to a streamed body asks
 * for.
 */
final class UrlConnectionCall {
  private static final int PIECE = 128 << 10;

  static {
    IdleConnections.allow();
  }

  private final RegistryRequest request;
  private final URI uri;
  private final HttpURLConnection connection;

  /**
   * Nothing is connected yet.
   *
   * @param trust makes TLS sockets; Java's own does without it
   */
  UrlConnectionCall(
      RegistryRequest request,
      URI uri,
      Optional<String> authorization,
      Optional<SSLSocketFactory> trust)
      throws IOException {
    this.request = request;
    this.uri = uri;
    this.connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(request.method());
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) Transport.CONNECT_TIMEOUT.toMillis());
    // What it would say by itself is meant for web pages and forms.
    connection.setRequestProperty("User-Agent", "tarkiln");
    connection.setRequestProperty("Accept", "*/*");
    if (request.method().equals("POST")) {
      connection.setRequestProperty("Content-Type", "application/octet-stream");
    }
    request.eachHeader(connection::setRequestProperty);
    authorization.ifPresent(value -> connection.setRequestProperty("Authorization", value));
    if (trust.isPresent() && connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(trust.get());
    }
  }

  /**
   * Sends it and waits for the answer, for as long as that takes.
   *
   * @throws java.net.HttpRetryException when the answer is one that only the newer client can read
   */
  HttpResponse<byte[]> send() throws IOException {
    if (request.isStreamed()) {
      stream(request.blob().orElseThrow());
    } else if (request.method().equals("PUT") || request.method().equals("POST")) {
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(request.bytes());
      }
    }
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("the answer is not HTTP");
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    connection.getHeaderFields().entrySet().stream()
        .filter(header -> header.getKey() != null) // the status line
        .forEach(header -> headers.put(header.getKey(), header.getValue()));
    return new Reply(uri, status, HttpHeaders.of(headers, (name, value) -> true), body(status));
  }

  private void stream(BlobBody blob) throws IOException {
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(blob.length());
    try (InputStream in = blob.open();
        OutputStream out = connection.getOutputStream()) {
      byte[] piece = new byte[PIECE];
      for (int n = in.readNBytes(piece, 0, PIECE); n > 0; n = in.readNBytes(piece, 0, PIECE)) {
        out.write(piece, 0, n);
      }
    }
  }

  private byte[] body(int status) throws IOException {
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      byte[] body = in == null ? new byte[0] : in.readNBytes(BoundedBody.MAX_BYTES + 1);
      if (body.length > BoundedBody.MAX_BYTES) {
        throw BoundedBody.tooLarge();
      }
      long announced = connection.getContentLengthLong();
      if (body.length < announced && !request.method().equals("HEAD")) {
        // This client takes a connection that is cut for the end of the body.
        throw new EOFException("only %d of %d bytes came".formatted(body.length, announced));
      }
      return body;
    }
  }

  /** Ends it from another thread. */
  void disconnect() {
    connection.disconnect();
  }

  private record Reply(URI uri, int statusCode, HttpHeaders headers, byte[] body)
      implements HttpResponse<byte[]> {
    @Override
    public HttpRequest request() {
      return HttpRequest.newBuilder(uri).build();
    }

    @Override
    public Optional<HttpResponse<byte[]>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }
}
