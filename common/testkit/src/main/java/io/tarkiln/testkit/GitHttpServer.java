package io.tarkiln.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Serves repositories by git's own {@code http-backend}, with TLS and an account or without. */
public final class GitHttpServer implements AutoCloseable {
  private static @Nullable KeyStore made;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Path root;
  private final HttpContext context;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean filters = true;
  private volatile boolean version2 = true;
  private volatile Listener listener = (path, body) -> {};

  /** Hears of requests before git does. */
  @FunctionalInterface
  public interface Listener {
    /** May hold the request up. */
    void request(String path, String body) throws InterruptedException;
  }

  private GitHttpServer(HttpServer server, Path root) {
    this.server = server;
    this.root = root;
    this.context = server.createContext("/", this::serve);
  }

  /** Serves the repositories below a folder to everybody, without TLS. */
  public static GitHttpServer plain(Path root) throws IOException {
    return new GitHttpServer(HttpServer.create(address(), 0), root).start();
  }

  /**
   * Serves them with TLS to one account.
   *
   * @param authority where the certificate is written that clients must trust
   */
  public static GitHttpServer secure(Path root, String user, String password, Path authority)
      throws Exception {
    HttpsServer server = HttpsServer.create(address(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(authority)));
    GitHttpServer git = new GitHttpServer(server, root).start();
    git.context.setAuthenticator(
        new BasicAuthenticator("git") {
          @Override
          public boolean checkCredentials(String givenUser, String givenPassword) {
            return user.equals(givenUser) && password.equals(givenPassword);
          }
        });
    return git;
  }

  /**
   * Serves them with TLS to those who show this very certificate.
   *
   * @param client PEM file with the certificate
   */
  public static GitHttpServer mutual(Path root, Path client, Path authority) throws Exception {
    KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
    known.load(null, null);
    try (InputStream pem = Files.newInputStream(client)) {
      known.setCertificateEntry(
          "client", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    HttpsServer server = HttpsServer.create(address(), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls(authority, known)) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ours = getSSLContext().getDefaultSSLParameters();
            ours.setNeedClientAuth(true);
            parameters.setSSLParameters(ours);
          }
        });
    return new GitHttpServer(server, root).start();
  }

  private static InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", 0);
  }

  private GitHttpServer start() {
    server.setExecutor(threads);
    server.start();
    return this;
  }

  /** As a server that leaves nothing out, or that is from before version 2 of the protocol. */
  public GitHttpServer old(boolean withFilters, boolean withVersion2) {
    filters = withFilters;
    version2 = withVersion2;
    return this;
  }

  /** Tells of all requests from now on. */
  public void listen(Listener to) {
    listener = to;
  }

  /** How many requests came since the last call. */
  public int requests() {
    return requests.getAndSet(0);
  }

  /** How many bytes were sent since the last call. */
  public long bytes() {
    return bytes.getAndSet(0);
  }

  /** Serves something else below a path; with the same account. */
  public void also(String path, HttpHandler handler) {
    HttpContext other = server.createContext(path, handler);
    other.setAuthenticator(context.getAuthenticator());
  }

  public String url(String repository) {
    return "%s://127.0.0.1:%d/%s"
        .formatted(
            server instanceof HttpsServer ? "https" : "http",
            server.getAddress().getPort(),
            repository);
  }

  private static SSLContext tls(Path authority) throws Exception {
    return tls(authority, null);
  }

  private static SSLContext tls(Path authority, @Nullable KeyStore clients) throws Exception {
    KeyStore keys = serverKeys();
    String pem = Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded());
    Files.writeString(
        authority, "-----BEGIN CERTIFICATE-----\n" + pem + "\n-----END CERTIFICATE-----\n");
    SSLContext tls = SSLContext.getInstance("TLS");
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(clients);
    tls.init(TestCertificate.managers(keys), trust.getTrustManagers(), null);
    return tls;
  }

  /** One key for all tests of this process, as making one takes a process of its own. */
  private static synchronized KeyStore serverKeys() throws Exception {
    if (made == null) {
      made = TestCertificate.keys(Files.createTempDirectory("tarkiln-tls"));
    }
    return made;
  }

  /** The Common Gateway Interface (RFC 3875), as far as git needs it. */
  private void serve(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] asked = exchange.getRequestBody().readAllBytes();
    boolean isPacked = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream body = new ByteArrayInputStream(asked)) {
      byte[] plain = (isPacked ? new GZIPInputStream(body) : body).readAllBytes();
      listener.request(exchange.getRequestURI().getPath(), new String(plain, ISO_8859_1));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      exchange.close();
      return;
    }
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
    Map<String, String> variables = builder.environment();
    variables.put("GIT_PROJECT_ROOT", root.toString());
    variables.put("GIT_HTTP_EXPORT_ALL", "1");
    variables.put("GIT_CONFIG_COUNT", "2");
    variables.put("GIT_CONFIG_KEY_0", "safe.directory");
    variables.put("GIT_CONFIG_VALUE_0", "*");
    variables.put("GIT_CONFIG_KEY_1", "uploadpack.allowFilter");
    variables.put("GIT_CONFIG_VALUE_1", Boolean.toString(filters));
    variables.put("REQUEST_METHOD", exchange.getRequestMethod());
    variables.put("PATH_INFO", exchange.getRequestURI().getPath());
    variables.put("QUERY_STRING", orEmpty(exchange.getRequestURI().getRawQuery()));
    variables.put("CONTENT_TYPE", orEmpty(exchange.getRequestHeaders().getFirst("Content-Type")));
    variables.put(
        "HTTP_CONTENT_ENCODING",
        orEmpty(exchange.getRequestHeaders().getFirst("Content-Encoding")));
    if (version2) {
      variables.put("GIT_PROTOCOL", orEmpty(exchange.getRequestHeaders().getFirst("Git-Protocol")));
    }
    Process backend = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (OutputStream in = backend.getOutputStream()) {
      in.write(asked);
    }
    try (InputStream out = new BufferedInputStream(backend.getInputStream())) {
      int status = 200;
      for (String line = line(out); !line.isEmpty(); line = line(out)) {
        String[] header = line.split(": ", 2);
        if (header[0].equals("Status")) {
          status = Integer.parseInt(header[1].substring(0, 3));
        } else {
          exchange.getResponseHeaders().add(header[0], header[1]);
        }
      }
      exchange.sendResponseHeaders(status, 0);
      bytes.addAndGet(out.transferTo(exchange.getResponseBody()));
    }
    exchange.close();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
      line.write(each);
    }
    return line.toString(ISO_8859_1).strip();
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
