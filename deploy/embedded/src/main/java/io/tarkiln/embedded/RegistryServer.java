package io.tarkiln.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The CNCF distribution registry as a child process that keeps its images in a folder. One left
 * over by a killed parent is ended at the next start.
 */
public final class RegistryServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final int UNAUTHORIZED = 401;

  private static final Duration GARBAGE_LIMIT = Duration.ofMinutes(5);

  private final Process process;
  private final String address;

  private RegistryServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * What kind of registry.
   *
   * @param htpasswd file with accounts (bcrypt); empty lets everybody in
   * @param upstream address of the registry of which this one is a pull-through cache
   * @param variables further configuration, as the registry reads it from environment variables
   *     ({@code REGISTRY_STORAGE_S3_BUCKET} and the like)
   */
  public record Options(
      Optional<Path> htpasswd, Optional<URI> upstream, Map<String, String> variables) {
    /** Open to everybody who reaches it, and no cache of another. */
    public static final Options PLAIN = new Options(Optional.empty(), Optional.empty());

    public Options {
      variables = Map.copyOf(variables);
    }

    public Options(Optional<Path> htpasswd, Optional<URI> upstream) {
      this(htpasswd, upstream, Map.of());
    }

    /** Open to everybody, with further configuration. */
    public static Options with(Map<String, String> variables) {
      return new Options(Optional.empty(), Optional.empty(), variables);
    }

    private boolean speaksTls() {
      return variables.containsKey("REGISTRY_HTTP_TLS_CERTIFICATE");
    }
  }

  /**
   * What runs the registry.
   *
   * @param serve a command that takes the path of the configuration and runs until it is ended; its
   *     last word is {@code serve}
   * @param end a command that ends what outlived {@code serve}, such as its container; may be empty
   */
  public record Program(List<String> serve, List<String> end) {
    /** The binary of distribution 3, as {@link GoTools} provides it. */
    public static Program binary(Path binary) {
      return new Program(List.of(binary.toString(), "serve"), List.of());
    }
  }

  /** Starts a registry from its binary, see {@link #start(Program, Path, String, int, Options)}. */
  public static RegistryServer start(
      Path binary, Path folder, String host, int port, Options options) throws IOException {
    return start(Program.binary(binary), folder, host, port, options);
  }

  /** Starts the one that is built from its sources, on a free port. */
  public static RegistryServer start(Path folder, String host, Options options) throws IOException {
    return start(GoTools.provide("registry"), folder, host, 0, options);
  }

  /**
   * Starts a registry and waits until it answers.
   *
   * @param folder where it keeps everything; made if missing
   * @param port to listen on, 0 for a free one
   */
  public static RegistryServer start(
      Program program, Path folder, String host, int port, Options options) throws IOException {
    Files.createDirectories(folder);
    endLeftOver(program, folder);
    int listen = port == 0 ? Ports.free() : port;
    String address = host + ":" + listen;
    Path config = folder.resolve("config.yml");
    Files.writeString(config, config(folder, address, options));
    List<String> command = new ArrayList<>(program.serve());
    command.add(config.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile());
    builder.environment().put("OTEL_TRACES_EXPORTER", "none");
    builder.environment().putAll(options.variables());
    Process process = builder.start();
    Files.writeString(folder.resolve("process"), identity(process.toHandle()));
    RegistryServer server = new RegistryServer(process, address);
    server.awaitReady(folder.resolve("registry.log"), options.speaksTls());
    return server;
  }

  /**
   * Deletes the blobs that nothing names any more. Only while the registry of the folder is not
   * running, and after it has run once.
   */
  public static void collectGarbage(Program program, Path folder) throws IOException {
    List<String> command = new ArrayList<>(program.serve());
    command.set(command.size() - 1, "garbage-collect");
    command.add(folder.resolve("config.yml").toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("garbage.log").toFile())
            .start();
    Processes.awaitEnd(process, GARBAGE_LIMIT);
  }

  /** Ends the registry of a folder that outlived the process which started it, if there is one. */
  public static void endLeftOver(Program program, Path folder) throws IOException {
    Path record = folder.resolve("process");
    if (!Files.exists(record)) {
      return;
    }
    String identity = Files.readString(record);
    ProcessHandle.allProcesses()
        .filter(left -> identity.equals(identity(left)))
        .forEach(
            left -> {
              left.destroyForcibly();
              left.onExit().orTimeout(10, TimeUnit.SECONDS).join();
            });
    if (!program.end().isEmpty()) {
      run(program.end());
    }
    Files.delete(record);
  }

  /** The number of a process is used again; with its beginning it is not. */
  private static String identity(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static void run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Processes.awaitEnd(process, Duration.ofSeconds(30));
  }

  private static String config(Path folder, String address, Options options) {
    StringBuilder yaml =
        new StringBuilder(
            """
            version: 0.1
            log: {level: warn, accesslog: {disabled: true}}
            storage:
              filesystem: {rootdirectory: "%s"}
              delete: {enabled: true}
            # Draining also makes it heed SIGTERM as the first process of a container.
            http: {addr: "%s", draintimeout: 2s}
            """
                .formatted(folder.resolve("data"), address));
    options
        .htpasswd()
        .ifPresent(
            file ->
                yaml.append("auth: {htpasswd: {realm: tarkiln, path: \"%s\"}}\n".formatted(file)));
    options
        .upstream()
        .ifPresent(uri -> yaml.append("proxy: {remoteurl: \"%s\", ttl: 168h}\n".formatted(uri)));
    return yaml.toString();
  }

  /** Whoever started it with certificates knows how to trust them; it is enough to connect then. */
  private void awaitReady(Path log, boolean speaksTls) throws IOException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    URI api = URI.create("http://" + address + "/v2/");
    HttpRequest ask = HttpRequest.newBuilder(api).build();
    Processes.Attempt answers =
        () -> {
          int status = http.send(ask, HttpResponse.BodyHandlers.discarding()).statusCode();
          return status == 200 || status == UNAUTHORIZED;
        };
    Processes.Attempt listens = () -> Ports.isOpen(api.getHost(), api.getPort());
    if (!Processes.awaitStart(process, START_LIMIT, speaksTls ? listens : answers)) {
      close();
      throw new IOException("the registry did not start on %s: see %s".formatted(address, log));
    }
  }

  /** Host and port, as image references begin. */
  public String address() {
    return address;
  }

  @Override
  public void close() {
    Processes.end(process, Duration.ofSeconds(10));
  }
}
