package io.tarkiln.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * One request over HTTP, by the JDK's older client: that sends a blob for a third of the processor
 * time that the newer one takes, starts quicker, and leaves no thread that an ending JVM would wait
 * for.
 *
 * <p>Redirects are answers like others. PATCH is not known to this client.
 */
public final class HttpCall {
  private static final int PIECE = 128 << 10;

  static {
    IdleConnections.allow();
  }

  private final HttpURLConnection connection;

  /**
   * Nothing is connected yet.
   *
   * @param connect how long to wait for a connection
   */
  public HttpCall(String method, URI uri, Duration connect) throws IOException {
    connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(Math.toIntExact(connect.toMillis()));
    // What it would say by itself is meant for web pages and forms.
    header("User-Agent", "tarkiln").header("Accept", "*/*");
    if (method.equals("POST")) {
      header("Content-Type", "application/octet-stream");
    }
  }

  /**
   * The status that a GET is answered with.
   *
   * @param patience for the connection, and again for the answer
   */
  public static int status(URI uri, Duration patience) throws IOException {
    HttpCall call = new HttpCall("GET", uri, patience).silence(patience);
    try {
      return call.send().status();
    } finally {
      call.disconnect();
    }
  }

  /** Gives up when nothing comes for so long; without this, never. */
  public HttpCall silence(Duration longest) {
    connection.setReadTimeout(Math.toIntExact(longest.toMillis()));
    return this;
  }

  /** Replaces a header, if there is one of that name. */
  public HttpCall header(String name, String value) {
    connection.setRequestProperty(name, value);
    return this;
  }

  /** Makes TLS sockets by these, rather than by Java's own; connections are kept by them. */
  public HttpCall sockets(SSLSocketFactory factory) {
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(factory);
    }
    return this;
  }

  /** Sends it without a body. */
  public HttpAnswer send() throws IOException {
    return HttpAnswer.of(connection);
  }

  /** Sends it with this body. */
  public HttpAnswer send(byte[] body) throws IOException {
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    return HttpAnswer.of(connection);
  }

  /**
   * Sends it with a body that need not fit into memory. An answer of 401 then comes without its
   * body, which this client throws away.
   *
   * @param length of the body in bytes
   */
  public HttpAnswer send(InputStream body, long length) throws IOException {
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(length);
    try (OutputStream out = connection.getOutputStream()) {
      byte[] piece = new byte[PIECE];
      for (int n = body.readNBytes(piece, 0, PIECE); n > 0; n = body.readNBytes(piece, 0, PIECE)) {
        out.write(piece, 0, n);
      }
    }
    return HttpAnswer.of(connection);
  }

  /** Ends it, from another thread too. */
  public void disconnect() {
    connection.disconnect();
  }
}
