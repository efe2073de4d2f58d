package io.tarkiln.cli.session;

import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings of this user: environment variables, else {@code
 * $XDG_CONFIG_HOME/tarkiln/config.properties} with the same names.
 */
public final class UserSettings {
  private static final String KAFKA_PREFIX = "KAFKA_";

  /** Whose presence means that the account is not for us to find. */
  private static final List<String> ACCOUNTS =
      List.of("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE");

  private static final String TOKEN_URL = "sasl.oauthbearer.token.endpoint.url";

  /** Kafka clients since 4.0 request tokens only from addresses that this property names. */
  private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  private final Map<String, String> values;

  private UserSettings(Map<String, String> values) {
    this.values = values;
  }

  public static UserSettings ofUser() throws CliException {
    return of(System.getenv());
  }

  public static UserSettings of(Map<String, String> environment) throws CliException {
    Map<String, String> values = new HashMap<>();
    Path file =
        Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".config"))
            .resolve("tarkiln/config.properties");
    if (Files.exists(file)) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException unreadable) {
        throw new CliException(CliException.WRONG_USAGE, "cannot read " + file, unreadable);
      }
      properties.stringPropertyNames().forEach(n -> values.put(n, properties.getProperty(n)));
    }
    values.putAll(environment);
    return new UserSettings(values);
  }

  public Settings settings() {
    Map<String, String> embedded = embedded();
    return new Settings(
        name ->
            Optional.ofNullable(values.get(name))
                .or(() -> Optional.ofNullable(embedded.get(name))));
  }

  /** The account of the embedded S3 where that is the one that is meant. */
  private Map<String, String> embedded() {
    if (ACCOUNTS.stream().anyMatch(values::containsKey)) {
      return Map.of();
    }
    return Settings.of(values)
        .s3Endpoint()
        .map(endpoint -> new EmbeddedS3(endpoint).account(values))
        .orElse(Map.of());
  }

  /** Other programs keep settings of theirs in such variables, too. */
  private static boolean isClientProperty(String property) {
    return ConsumerConfig.configNames().contains(property)
        && ProducerConfig.configNames().contains(property);
  }

  /** Properties for Kafka clients: {@code KAFKA_SECURITY_PROTOCOL} is security.protocol. */
  Map<String, Object> kafka() {
    Map<String, Object> properties = new HashMap<>();
    values.forEach(
        (name, value) -> {
          String property =
              name.replaceFirst("^KAFKA_", "").toLowerCase(Locale.ROOT).replace('_', '.');
          if (name.startsWith(KAFKA_PREFIX) && isClientProperty(property)) {
            properties.put(property, value);
          }
        });
    properties.put("bootstrap.servers", settings().kafka());
    if (properties.get(TOKEN_URL) instanceof String url
        && System.getProperty(ALLOWED_URLS) == null) {
      System.setProperty(ALLOWED_URLS, url);
    }
    return properties;
  }
}
