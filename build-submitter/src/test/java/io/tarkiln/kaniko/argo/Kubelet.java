package io.tarkiln.kaniko.argo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tarkiln.testkit.TestCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Serves the logs of containers as a kubelet does, to the API server, which passes them on. */
final class Kubelet implements AutoCloseable {
  private final HttpsServer server;
  private final Map<String, Output> outputs = new ConcurrentHashMap<>();

  private Kubelet(HttpsServer server) {
    this.server = server;
  }

  static Kubelet start(Path folder) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.server(folder)));
    server.setExecutor(Executors.newCachedThreadPool());
    Kubelet kubelet = new Kubelet(server);
    server.createContext("/containerLogs/", kubelet::serve);
    server.start();
    return kubelet;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The output of a pod's main container, which begins now. */
  Output begin(String pod) {
    return outputs.computeIfAbsent(pod, missing -> new Output());
  }

  /** The pod is gone. */
  void forget(String pod) {
    outputs.remove(pod);
  }

  /** What a container prints. */
  static final class Output {
    private final List<String> lines = new ArrayList<>();
    private boolean ended;
    private int broken;

    synchronized void print(String line) {
      lines.add(line);
      notifyAll();
    }

    /** Ends the streams that are open, as when the kubelet restarts. */
    synchronized void breakOff() {
      broken++;
      notifyAll();
    }

    synchronized void end() {
      ended = true;
      notifyAll();
    }

    private synchronized int breaks() {
      return broken;
    }

    /** The next line, or empty at the end. */
    private synchronized String next(int index, int breaksKnown) throws InterruptedException {
      while (index >= lines.size() && !ended && broken == breaksKnown) {
        wait();
      }
      return index < lines.size() ? lines.get(index) + "\n" : "";
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    String pod = exchange.getRequestURI().getPath().split("/")[3];
    Output output = outputs.get(pod);
    if (output == null) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      int breaks = output.breaks();
      int index = 0;
      for (String line = output.next(index, breaks);
          !line.isEmpty();
          line = output.next(++index, breaks)) {
        out.write(line.getBytes(UTF_8));
        out.flush();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    outputs.values().forEach(Output::end);
    server.stop(0);
  }
}
