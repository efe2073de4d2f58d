package io.tarkiln.testkit;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.Processes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the four services as a process of its own, the way a cluster runs it. */
public final class ServiceProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** Quick to start counts more than quick to run. */
  public static final List<String> SHORT_LIVED =
      List.of("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String name;
  private final Process process;
  private final Path log;
  private final int port;

  private ServiceProcess(String name, Process process, Path log, int port) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts it for a short life; it gets nothing but these variables. */
  public static ServiceProcess start(String service, Map<String, String> variables, Path folder)
      throws IOException {
    return start(service, service, SHORT_LIVED, variables, folder);
  }

  /**
   * Starts one of several processes of a service; does not wait for it.
   *
   * @param name what it is called, and its log
   * @param options for its JVM
   */
  public static ServiceProcess start(
      String service, String name, List<String> options, Map<String, String> variables, Path folder)
      throws IOException {
    Path jar = GoTools.home().resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new AssertionError("no %s: run `./mvnw package` first".formatted(jar));
    }
    Path log = folder.resolve(name + ".log");
    int port = Ports.free();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("TARKILN_") || key.startsWith("AWS_"));
    environment.putAll(variables);
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    return new ServiceProcess(name, builder.start(), log, port);
  }

  /** Waits until its health says that it is ready. */
  public void awaitReady() {
    if (!Processes.awaitStart(process, START_LIMIT, () -> status("/q/health/ready") == 200)) {
      throw new AssertionError("%s is not ready: %s".formatted(name, log()));
    }
  }

  /** What its metrics endpoint says. */
  public String metrics() throws IOException {
    return get("/q/metrics").body();
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  public int status(String path) {
    try {
      return get(path).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    URI uri = URI.create("http://localhost:%d%s".formatted(port, path));
    try {
      return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  /** Waits until it ends by itself, and returns its exit code. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(name + " does not end");
    }
    return process.exitValue();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    Processes.end(process, Duration.ofSeconds(30));
  }
}
