package io.tarkiln.settings;

import io.tarkiln.event.Topics;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings that services and command line share, by the names of environment variables. What is
 * not set points at the embedded stack on its default ports.
 *
 * @param lookup finds the value of a variable; an empty or blank value counts as not set
 */
public record Settings(Function<String, Optional<String>> lookup) {
  public static final String KAFKA = "KAFKA_BOOTSTRAP_SERVERS";
  public static final String TOPIC_PREFIX = "TARKILN_TOPIC_PREFIX";
  public static final String S3_ENDPOINT = "AWS_ENDPOINT_URL_S3";
  public static final String S3_REGION = "AWS_REGION";
  public static final String BUCKET = "TARKILN_BUCKET";
  public static final String REGISTRY = "TARKILN_REGISTRY";
  public static final String PLAIN_HTTP_REGISTRIES = "TARKILN_PLAIN_HTTP_REGISTRIES";
  public static final String PROXY_PROJECTS = "TARKILN_PROXY_PROJECTS";
  public static final String KANIKO_MIRROR = "TARKILN_KANIKO_MIRROR";
  public static final String CACHE_REPOSITORY = "TARKILN_CACHE_REPO";
  public static final String DOCKER_CONFIG = "DOCKER_CONFIG";
  public static final String REGISTRY_CA = "TARKILN_REGISTRY_CA";
  public static final String MANIFEST_FORMAT = "TARKILN_MANIFEST_FORMAT";

  /** Settings from the process's environment. */
  public static Settings ofEnvironment() {
    return of(System.getenv());
  }

  /** Settings from these variables alone. */
  public static Settings of(Map<String, String> variables) {
    return new Settings(name -> Optional.ofNullable(variables.get(name)));
  }

  /** The value of any variable, if it is set and not blank. */
  public Optional<String> get(String name) {
    return lookup.apply(name).map(String::trim).filter(value -> !value.isEmpty());
  }

  public String kafka() {
    return get(KAFKA).orElse("localhost:9092");
  }

  public Topics topics() {
    return new Topics(get(TOPIC_PREFIX).orElse("tarkiln."));
  }

  /** The S3 endpoint; empty means AWS itself, once a region is set. */
  public Optional<URI> s3Endpoint() {
    Optional<URI> set = get(S3_ENDPOINT).or(() -> get("AWS_ENDPOINT_URL")).map(URI::create);
    return set.isPresent() || get(S3_REGION).isPresent()
        ? set
        : Optional.of(URI.create("http://localhost:9000"));
  }

  public String s3Region() {
    return get(S3_REGION).orElse("us-east-1");
  }

  public String bucket() {
    return get(BUCKET).orElse("tarkiln");
  }

  /**
   * Registry host and, if need be, project path: images go to {@code <this>/<workload>/<service>}.
   */
  public String registry() {
    return get(REGISTRY).orElse("localhost:5000");
  }

  /** Host and path under which {@code kaniko-cache} lives. */
  public String cacheRepository() {
    return get(CACHE_REPOSITORY).orElseGet(this::registry);
  }

  /** Host and path of each proxy project, of whatever registry it is a proxy. */
  public List<String> proxyProjects() {
    return Arrays.stream(get(PROXY_PROJECTS).orElse("").split(","))
        .map(pair -> pair.substring(pair.indexOf('=') + 1).trim().replaceFirst("/+$", ""))
        .filter(project -> !project.isEmpty())
        .toList();
  }

  /** A duration such as {@code 30s}, {@code 15m}, {@code 1h} or ISO 8601's {@code PT15M}. */
  public Duration duration(String name, Duration otherwise) {
    return get(name).map(text -> duration(name, text)).orElse(otherwise);
  }

  /** A whole number. */
  public long number(String name, long otherwise) {
    return get(name).map(text -> parseNumber(name, text)).orElse(otherwise);
  }

  /** A switch: {@code true}, {@code 1}, {@code yes} or {@code on}, in any case, mean on. */
  public boolean isOn(String name, boolean otherwise) {
    return get(name)
        .map(text -> text.toLowerCase(Locale.ROOT).matches("true|1|yes|on"))
        .orElse(otherwise);
  }

  private static long parseNumber(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException broken) {
      throw new IllegalArgumentException(name + "=" + text + " is not a whole number", broken);
    }
  }

  private static Duration duration(String name, String text) {
    String iso = text.toUpperCase(Locale.ROOT);
    try {
      return Duration.parse(iso.startsWith("P") ? iso : "PT" + iso);
    } catch (DateTimeParseException broken) {
      throw new IllegalArgumentException(
          name + "=" + text + " is not a duration: write 30s, 15m or 1h", broken);
    }
  }
}
