package io.tarkiln.e2e.fault;

import com.sun.net.httpserver.HttpServer;
import io.tarkiln.testkit.GoProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/** The stand-in for Kaniko in {@code deploy/e2e/executor}, and where it reports its runs. */
final class FastExecutor implements AutoCloseable {
  private final Path binary;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private FastExecutor(Path binary, HttpServer server) {
    this.binary = binary;
    this.server = server;
  }

  /**
   * Builds it into a folder.
   *
   * @param listener gets for whom it runs, as its {@link #binaryOf} says, and {@code begin} or
   *     {@code end} with the build and service, as in {@code begin/BUILD/s1}
   */
  static FastExecutor in(Path folder, BiConsumer<String, String> listener)
      throws IOException, InterruptedException {
    Path binary = Files.createDirectories(folder).resolve("executor");
    GoProgram.build("deploy/e2e/executor", binary);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    FastExecutor executor = new FastExecutor(binary, server);
    server.setExecutor(executor.threads);
    server.createContext(
        "/",
        exchange -> {
          String[] parts = exchange.getRequestURI().getPath().substring(1).split("/", 2);
          listener.accept(parts[0], parts[1]);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return executor;
  }

  /** Makes a copy for the runs of one, and returns it: where to tell stands in its last line. */
  Path binaryOf(Path folder, String who) throws IOException {
    Path copy = Files.createDirectories(folder).resolve(who);
    Files.copy(
        binary, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(
        copy,
        "\n{\"runs\": \"http://127.0.0.1:%d/%s\"}".formatted(server.getAddress().getPort(), who),
        StandardOpenOption.APPEND);
    return copy;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
