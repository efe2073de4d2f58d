package io.tarkiln.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An account of a pod that has a role instead of keys, as EKS gives it (IRSA). Both servers are
 * played: there is no such token outside of AWS.
 */
@Tag("server")
class PodRoleTest {
  private static final String TOKEN = "token-of-the-pod";
  private static final String KEYS =
      """
      <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult><Credentials>
          <AccessKeyId>key-of-the-role</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
          <SessionToken>session-of-the-role</SessionToken><Expiration>2126-11-25T00:00:00Z</Expiration>
        </Credentials></AssumeRoleWithWebIdentityResult>
      </AssumeRoleWithWebIdentityResponse>
      """;

  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void forget() {
    List.of("aws.webIdentityTokenFile", "aws.roleArn", "aws.endpointUrlSts", "aws.region")
        .forEach(System::clearProperty);
  }

  @Test
  void gets_its_keys_for_the_pods_token() throws Exception {
    HttpServer aws =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String address = "http://localhost:" + aws.getAddress().getPort();
    aws.createContext("/", exchange -> answer(exchange, KEYS));
    aws.createContext("/s3", exchange -> answer(exchange, ""));
    aws.start();
    // What EKS sets as variables, which a test cannot.
    System.setProperty(
        "aws.webIdentityTokenFile", Files.writeString(folder.resolve("token"), TOKEN).toString());
    System.setProperty("aws.roleArn", "arn:aws:iam::123456789012:role/tarkiln");
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.endpointUrlSts", address);

    try (ObjectStore store =
        ObjectStore.connect(
            Settings.of(
                Map.of("AWS_ENDPOINT_URL_S3", address + "/s3", "AWS_REGION", "us-east-1")))) {
      assertThat(store.exists("a")).isTrue();
    } finally {
      aws.stop(0);
    }

    assertThat(asked).hasSize(2);
    assertThat(asked.get(0)).contains("Action=AssumeRoleWithWebIdentity", "role/tarkiln", TOKEN);
    assertThat(asked.get(1)).contains("Credential=key-of-the-role/", "session-of-the-role");
  }

  private void answer(HttpExchange exchange, String text) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    asked.add(
        URLDecoder.decode(body, UTF_8)
            + exchange.getRequestHeaders().getFirst("Authorization")
            + exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
    exchange.getResponseHeaders().set("Content-Type", "text/xml");
    exchange.getResponseHeaders().set("Content-Length", String.valueOf(text.length()));
    exchange.sendResponseHeaders(200, text.isEmpty() ? -1 : text.length());
    if (!text.isEmpty()) {
      exchange.getResponseBody().write(text.getBytes(UTF_8));
    }
    exchange.close();
  }
}
