package io.tarkiln.cli.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class UserSettingsTest {
  private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.";
  private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer tokens;

  @BeforeEach
  void start_a_token_service() throws Exception {
    tokens = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tokens.createContext(
        "/token",
        exchange -> {
          requests.add(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] answer = "{\"access_token\": \"%s\"}".formatted(token()).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    tokens.start();
  }

  @AfterEach
  void stop() {
    tokens.stop(0);
    System.clearProperty(ALLOWED);
  }

  @Test
  void gives_kafka_what_it_needs_to_log_in_by_oidc() throws Exception {
    String url = "http://localhost:%d/token".formatted(tokens.getAddress().getPort());
    UserSettings connection =
        UserSettings.of(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "localhost:1",
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_SSL",
                "KAFKA_SASL_MECHANISM",
                "OAUTHBEARER",
                "KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL",
                url,
                "KAFKA_SASL_LOGIN_CALLBACK_HANDLER_CLASS",
                OAUTH + "OAuthBearerLoginCallbackHandler",
                "KAFKA_SASL_JAAS_CONFIG",
                OAUTH
                    + "OAuthBearerLoginModule required clientId=\"ci\" clientSecret=\"s3cret\";"));

    // A client logs in when it is made.
    new KafkaProducer<>(connection.kafka(), new ByteArraySerializer(), new ByteArraySerializer())
        .close();

    assertThat(requests)
        .containsExactly(
            "Basic " + Base64.getEncoder().encodeToString("ci:s3cret".getBytes(UTF_8)));
  }

  @Test
  void finds_the_account_of_an_embedded_s3_by_its_port(@TempDir Path home) throws Exception {
    Files.writeString(
        Files.createDirectory(home.resolve("tarkiln-s3")).resolve("9123"),
        "[default]\naws_access_key_id = tarkiln\naws_secret_access_key = its-own\n");
    Map<String, String> own =
        Map.of("XDG_STATE_HOME", home.toString(), "AWS_ENDPOINT_URL_S3", "http://localhost:9123");

    assertThat(secret(own, Map.of())).contains("its-own");
    assertThat(secret(own, Map.of("AWS_ENDPOINT_URL_S3", "http://localhost:9124"))).isEmpty();
    assertThat(secret(own, Map.of("AWS_ENDPOINT_URL_S3", "http://s3.example:9123"))).isEmpty();
    assertThat(
            secret(own, Map.of("AWS_ACCESS_KEY_ID", "mine", "AWS_SECRET_ACCESS_KEY", "my-secret")))
        .contains("my-secret");
    assertThat(secret(own, Map.of("AWS_PROFILE", "mine"))).isEmpty();
  }

  private static Optional<String> secret(Map<String, String> some, Map<String, String> more)
      throws Exception {
    Map<String, String> environment = new HashMap<>(some);
    environment.putAll(more);
    return UserSettings.of(environment).settings().get("AWS_SECRET_ACCESS_KEY");
  }

  private static String token() {
    long now = Instant.now().getEpochSecond();
    return base64("{\"alg\":\"none\"}")
        + "."
        + base64("{\"sub\":\"ci\",\"iat\":%d,\"exp\":%d}".formatted(now, now + 3600))
        + "."
        + base64("signature");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
