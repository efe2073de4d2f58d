package io.tarkiln.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;

/**
 * Sends a blob's bytes with the JDK's older client, which takes a third of the processor time that
 * the newer one does for that. It knows no PATCH, and keeps back what an answer of 401 asks for.
 */
final class StreamedPut {
  private static final int PIECE = 128 << 10;
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

  private final URI uri;
  private final BlobBody blob;
  private final HttpURLConnection connection;

  StreamedPut(
      Ask ask, URI uri, BlobBody blob, Optional<String> authorization, Optional<SSLContext> trust)
      throws IOException {
    this.uri = uri;
    this.blob = blob;
    this.connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(ask.method());
    connection.setDoOutput(true);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) CONNECT_PATIENCE.toMillis());
    connection.setFixedLengthStreamingMode(blob.length());
    ask.eachHeader(connection::setRequestProperty);
    authorization.ifPresent(value -> connection.setRequestProperty("Authorization", value));
    if (trust.isPresent() && connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(trust.get().getSocketFactory());
    }
  }

  /**
   * Sends it and waits for the answer, for as long as that takes.
   *
   * @throws java.net.HttpRetryException when the answer is one that only the newer client can read
   */
  HttpResponse<byte[]> send() throws IOException {
    try (InputStream in = blob.open();
        OutputStream out = connection.getOutputStream()) {
      byte[] piece = new byte[PIECE];
      for (int n = in.readNBytes(piece, 0, PIECE); n > 0; n = in.readNBytes(piece, 0, PIECE)) {
        out.write(piece, 0, n);
      }
    }
    int status = connection.getResponseCode();
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    connection.getHeaderFields().entrySet().stream()
        .filter(header -> header.getKey() != null) // the status line
        .forEach(header -> headers.put(header.getKey(), header.getValue()));
    return new Reply(uri, status, HttpHeaders.of(headers, (name, value) -> true), body(status));
  }

  private byte[] body(int status) throws IOException {
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      return in == null ? new byte[0] : in.readNBytes(LONGEST_ANSWER);
    }
  }

  /** Ends it from another thread. */
  void giveUp() {
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
