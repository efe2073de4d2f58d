package io.tarkiln.kaniko.argo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.Processes;
import io.tarkiln.tls.PemCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A real Kubernetes API server with its etcd, and nothing behind it. */
final class ApiServer implements AutoCloseable {
  static final String ADMIN = "token-of-the-admin";

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int PATIENCE_SECONDS = 60;
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  private final Path folder;
  private final Path binary;
  private final int etcdPort;
  private final int port;
  private final List<Process> processes = new ArrayList<>();
  private Process server;

  private ApiServer(Path folder, Path binary, int etcdPort, int port) {
    this.folder = folder;
    this.binary = binary;
    this.etcdPort = etcdPort;
    this.port = port;
  }

  /** Starts both; they end with this process at the latest. */
  static ApiServer start(Path folder) throws Exception {
    List<Path> tools = GoTools.provide(List.of("etcd", "kube-apiserver"));
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("service-accounts.pem"), privateKey());
    Files.writeString(folder.resolve("tokens.csv"), ADMIN + ",admin,admin,\"system:masters\"\n");
    ApiServer api = new ApiServer(folder, tools.get(1), Ports.free(), Ports.free());
    Runtime.getRuntime().addShutdownHook(new Thread(api::close));
    api.startEtcd(tools.get(0), Ports.free());
    api.up();
    return api;
  }

  /** Another API server in front of the same etcd, for what happens while the first is away. */
  ApiServer another() throws Exception {
    ApiServer other = new ApiServer(folder, binary, etcdPort, Ports.free());
    other.up();
    return other;
  }

  private void startEtcd(Path etcd, int peers) throws IOException {
    String clients = "http://127.0.0.1:" + etcdPort;
    String peer = "http://127.0.0.1:" + peers;
    launch(
        "etcd.log",
        List.of(
            etcd.toString(),
            "--data-dir=" + folder.resolve("etcd"),
            "--listen-client-urls=" + clients,
            "--advertise-client-urls=" + clients,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer,
            "--unsafe-no-fsync"));
  }

  /** Starts the API server, again if it was there, and waits until it is ready. */
  void up() throws Exception {
    Path key = folder.resolve("service-accounts.pem");
    server =
        launch(
            "apiserver-" + port + ".log",
            List.of(
                binary.toString(),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + folder.resolve("certificates-" + port),
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-account-issuer=https://tarkiln.test",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--endpoint-reconciler-type=none",
                "--disable-admission-plugins=ServiceAccount"));
    if (!Processes.awaitStart(server, START_LIMIT, this::isReady)) {
      throw new AssertionError(
          "the API server did not start: "
              + Files.readString(folder.resolve("apiserver-" + port + ".log")));
    }
  }

  /** Ends the API server; etcd stays. */
  void down() {
    Processes.end(server, END_LIMIT);
  }

  private boolean isReady() {
    try {
      return send("GET", "/readyz", "application/json", new byte[0]).equals("ok");
    } catch (IOException | AssertionError notYet) {
      return false;
    }
  }

  /** A client with this token that verifies the server's certificate. */
  ApiClient client(String token) throws IOException {
    return new ClientBuilder()
        .setBasePath("https://127.0.0.1:" + port)
        .setCertificateAuthority(
            Files.readAllBytes(folder.resolve("certificates-" + port + "/apiserver.crt")))
        .setAuthentication(new AccessTokenAuthentication(token))
        .build();
  }

  /** Applies manifests of any kind, several to a file, as {@code kubectl apply} would. */
  void apply(String path, String yaml) throws IOException {
    send(
        "PATCH",
        path + "?fieldManager=test&force=true",
        "application/apply-patch+yaml",
        yaml.getBytes(UTF_8));
  }

  /** Has the server check a manifest as strictly as it can, and fail on warnings too. */
  void check(String path, String yaml) throws IOException {
    send(
        "PATCH",
        path + "?fieldManager=test&force=true&dryRun=All&fieldValidation=Strict",
        "application/apply-patch+yaml",
        yaml.getBytes(UTF_8));
  }

  /**
   * Asks as the admin, again where a server that has just started wants it later; fails on anything
   * but success.
   */
  String send(String method, String path, String type, byte[] body) throws IOException {
    try {
      HttpResponse<String> answer = answer(method, path, type, body);
      for (int again = 0;
          answer.statusCode() == TOO_MANY_REQUESTS && again < PATIENCE_SECONDS;
          again++) {
        TimeUnit.SECONDS.sleep(1);
        answer = answer(method, path, type, body);
      }
      if (answer.statusCode() >= 300 || answer.headers().firstValue("Warning").isPresent()) {
        throw new AssertionError(
            "%s %s: %d %s %s"
                .formatted(
                    method,
                    path,
                    answer.statusCode(),
                    answer.headers().allValues("Warning"),
                    answer.body()));
      }
      return answer.body();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private HttpResponse<String> answer(String method, String path, String type, byte[] body)
      throws IOException, InterruptedException {
    Path file = folder.resolve("certificates-" + port + "/apiserver.crt");
    return HttpClient.newBuilder()
        .sslContext(trusting(file))
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Authorization", "Bearer " + ADMIN)
                .header("Content-Type", type)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static SSLContext trusting(Path pem) throws IOException {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, PemCertificates.read(pem).trust(), null);
      return tls;
    } catch (GeneralSecurityException broken) {
      throw new IOException(broken);
    }
  }

  private Process launch(String log, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()))
            .start();
    processes.add(process);
    return process;
  }

  private static String privateKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      Processes.end(processes.get(i), END_LIMIT);
    }
  }
}
