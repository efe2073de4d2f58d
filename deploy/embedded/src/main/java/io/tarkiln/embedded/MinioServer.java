package io.tarkiln.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** MinIO as a child process that keeps its objects in a folder: for benches and tests. */
public final class MinioServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final String ACCESS_KEY = "tarkiln";
  private static final String SECRET_KEY = "tarkiln-minio";

  private static final int FORBIDDEN = 403; // for want of an account, so all else is ready

  private final Process process;
  private final String address;

  private MinioServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts MinIO and waits until it answers.
   *
   * @param binary as {@link GoTools} provides it
   * @param folder where it keeps everything; made if missing
   */
  public static MinioServer start(Path binary, Path folder) throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path log = folder.resolve("minio.log");
    String address = "127.0.0.1:" + Ports.free();
    ProcessBuilder builder =
        new ProcessBuilder(
                binary.toString(), "server", "--quiet", "--address", address, data.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MINIO_ROOT_USER", ACCESS_KEY);
    builder.environment().put("MINIO_ROOT_PASSWORD", SECRET_KEY);
    builder.environment().put("MINIO_BROWSER", "off");
    builder.environment().put("MINIO_UPDATE", "off");
    MinioServer server = new MinioServer(builder.start(), address);
    server.awaitReady(log);
    return server;
  }

  private void awaitReady(Path log) throws IOException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    // Its health checks say yes too early: S3 requests are then refused, and clients wait a minute.
    HttpRequest ask = HttpRequest.newBuilder(endpoint()).build();
    HttpResponse.BodyHandler<Void> ignored = HttpResponse.BodyHandlers.discarding();
    if (!Processes.awaitStart(
        process, START_LIMIT, () -> http.send(ask, ignored).statusCode() == FORBIDDEN)) {
      close();
      throw new IOException("MinIO did not start on %s: see %s".formatted(address, log));
    }
  }

  /** Its address, with port. */
  public URI endpoint() {
    return URI.create("http://" + address);
  }

  /** What programs are told to reach it, by the names of environment variables. */
  public Map<String, String> variables() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3", endpoint().toString(),
        "AWS_ACCESS_KEY_ID", ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY", SECRET_KEY);
  }

  @Override
  public void close() {
    Processes.end(process, Duration.ofSeconds(10));
  }
}
