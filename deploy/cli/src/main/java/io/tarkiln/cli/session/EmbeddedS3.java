package io.tarkiln.cli.session;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * The S3 of a {@code tarkiln up} of this user. It has an account of its own, in a file that it
 * announces by its port in {@code $XDG_STATE_HOME/tarkiln-s3}.
 */
record EmbeddedS3(URI endpoint) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Its account, by the names of environment variables; empty if none was announced. */
  Map<String, String> account(Map<String, String> environment) {
    Path file = home(environment).resolve(Integer.toString(endpoint.getPort()));
    if (!LOOPBACK.contains(String.valueOf(endpoint.getHost())) || !Files.isReadable(file)) {
      return Map.of();
    }
    Properties lines = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      lines.load(text);
    } catch (IOException gone) {
      return Map.of();
    }
    return Map.of(
        "AWS_ACCESS_KEY_ID", lines.getProperty("aws_access_key_id", ""),
        "AWS_SECRET_ACCESS_KEY", lines.getProperty("aws_secret_access_key", ""));
  }

  private static Path home(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("XDG_STATE_HOME"))
        .filter(home -> !home.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"))
        .resolve("tarkiln-s3");
  }
}
