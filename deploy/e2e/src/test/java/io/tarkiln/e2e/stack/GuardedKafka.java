package io.tarkiln.e2e.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tarkiln.embedded.KafkaBroker;
import io.tarkiln.embedded.Ports;
import io.tarkiln.event.Topics;
import io.tarkiln.testkit.Program;
import io.tarkiln.testkit.TokenSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A real broker that one reaches over TLS and with an account only, known by SCRAM or by a token of
 * an OIDC provider, which is here too: it gives tokens to a client with a secret, and shows its
 * key.
 */
public final class GuardedKafka implements AutoCloseable {
  public static final String USER = "ci";
  public static final String PASSWORD = "p\"a\\ss '$(w)ord";
  private static final String AUDIENCE = "kafka";
  private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  private final Path certificate;
  private final HttpServer provider;
  private final TokenSigner signer = new TokenSigner();
  private final KafkaBroker broker;
  private final int port = Ports.free();

  private GuardedKafka(Path folder) throws Exception {
    Path pem = folder.resolve("broker.pem");
    certificate = folder.resolve("broker.crt");
    Program.of(
            ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout %s -out %s"
                    + " -subj /CN=localhost -addext subjectAltName=DNS:localhost")
                .formatted(pem, certificate)
                .split(" "))
        .output();
    Files.writeString(pem, Files.readString(pem) + Files.readString(certificate));
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext("/token", this::giveToken);
    provider.createContext("/keys", exchange -> answer(exchange, 200, signer.keySet()));
    provider.start();
    System.setProperty(ALLOWED, address("/keys"));
    String login = "org.apache.kafka.common.security.";
    broker =
        KafkaBroker.startWithLogin(
            folder.resolve("kafka"),
            "localhost",
            0,
            port,
            Map.of(
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512,OAUTHBEARER",
                "listener.name.login.ssl.keystore.type",
                "PEM",
                "listener.name.login.ssl.keystore.location",
                pem.toString(),
                "listener.name.login.scram-sha-512.sasl.jaas.config",
                login + "scram.ScramLoginModule required;",
                "listener.name.login.oauthbearer.sasl.jaas.config",
                login + "oauthbearer.OAuthBearerLoginModule required;",
                "listener.name.login.oauthbearer.sasl.server.callback.handler.class",
                login + "oauthbearer.OAuthBearerValidatorCallbackHandler",
                "listener.name.login.oauthbearer.sasl.oauthbearer.jwks.endpoint.url",
                address("/keys"),
                "listener.name.login.oauthbearer.sasl.oauthbearer.expected.audience",
                AUDIENCE));
    broker.createTopics(
        new Topics("tarkiln.")
            .all().stream().collect(Collectors.toMap(topic -> topic, topic -> Duration.ofDays(1))));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
          .all()
          .get();
    }
  }

  public static GuardedKafka start(Path folder) throws Exception {
    return new GuardedKafka(Files.createDirectories(folder));
  }

  /** Where one must log in. */
  public String address() {
    return "localhost:" + port;
  }

  /** Where the test looks at what came, without. */
  public String behind() {
    return broker.bootstrapServers();
  }

  public String certificate() throws IOException {
    return Files.readString(certificate);
  }

  public String tokenAddress() {
    return address("/token");
  }

  private String address(String path) {
    return "http://localhost:%d%s".formatted(provider.getAddress().getPort(), path);
  }

  private void giveToken(HttpExchange exchange) throws IOException {
    String account = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (("Basic " + account).equals(given)) {
      answer(exchange, 200, "{\"access_token\": \"%s\", \"expires_in\": 300}".formatted(token()));
    } else {
      answer(exchange, 401, "{\"error\": \"invalid_client\"}");
    }
  }

  private String token() {
    long now = Instant.now().getEpochSecond();
    return signer.sign(
        "{\"sub\": \"%s\", \"aud\": \"%s\", \"iat\": %d, \"exp\": %d, \"scope\": \"kafka\"}"
            .formatted(USER, AUDIENCE, now, now + 300));
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, json.getBytes(UTF_8).length);
    try (var body = exchange.getResponseBody()) {
      body.write(json.getBytes(UTF_8));
    }
  }

  @Override
  public void close() {
    broker.close();
    provider.stop(0);
    System.clearProperty(ALLOWED);
  }
}
