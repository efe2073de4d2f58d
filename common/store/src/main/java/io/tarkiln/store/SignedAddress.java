package io.tarkiln.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.image.Digests;
import io.tarkiln.settings.Settings;
import java.net.URI;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An address at which an object may be read without an account until it expires: for a command that
 * would spend longer on loading the S3 client than on its work (AWS documentation, "Authenticating
 * requests: using query parameters, AWS Signature Version 4").
 */
public final class SignedAddress {
  private static final Duration LIFETIME = Duration.ofHours(12);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private SignedAddress() {}

  /**
   * The address of an object in the bucket, if the settings name an endpoint and an account; where
   * they do not, the S3 client knows other ways.
   */
  public static Optional<URI> of(Settings settings, String key, Instant now) {
    Optional<URI> endpoint = settings.s3Endpoint();
    Optional<String> keyId = settings.get("AWS_ACCESS_KEY_ID");
    Optional<String> secret = settings.get("AWS_SECRET_ACCESS_KEY");
    if (endpoint.isEmpty() || keyId.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    String scope = "%s/%s/s3/aws4_request".formatted(day, settings.s3Region());
    Map<String, String> query = new TreeMap<>();
    query.put("X-Amz-Algorithm", ALGORITHM);
    query.put("X-Amz-Credential", keyId.get() + "/" + scope);
    query.put("X-Amz-Date", time);
    query.put("X-Amz-Expires", Long.toString(LIFETIME.toSeconds()));
    query.put("X-Amz-SignedHeaders", "host");
    settings.get("AWS_SESSION_TOKEN").ifPresent(t -> query.put("X-Amz-Security-Token", t));
    String parameters =
        query.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    String path = path(endpoint.get(), settings.bucket(), key);
    String request =
        String.join(
            "\n",
            "GET",
            path,
            parameters,
            "host:" + endpoint.get().getAuthority(),
            "",
            "host",
            "UNSIGNED-PAYLOAD");
    String toSign = String.join("\n", ALGORITHM, time, scope, Digests.hex(request.getBytes(UTF_8)));
    byte[] signing = ("AWS4" + secret.get()).getBytes(UTF_8);
    for (String part : scope.split("/")) {
      signing = hmac(signing, part);
    }
    return Optional.of(
        endpoint
            .get()
            .resolve(
                path
                    + "?"
                    + parameters
                    + "&X-Amz-Signature="
                    + HexFormat.of().formatHex(hmac(signing, toSign))));
  }

  private static String path(URI endpoint, String bucket, String key) {
    String base = endpoint.getRawPath().replaceFirst("/$", "");
    return Stream.of((bucket + "/" + key).split("/", -1))
        .map(SignedAddress::encoded)
        .collect(Collectors.joining("/", base + "/", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has HmacSHA256", impossible);
    }
  }
}
