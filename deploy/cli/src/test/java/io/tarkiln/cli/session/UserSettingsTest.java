package io.tarkiln.cli.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
