package io.tarkiln.kaniko.network;

import io.tarkiln.settings.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What builds on this machine may reach.
 *
 * @param choice which network they get
 * @param reachable what is reached although it lies on this machine or in a private network
 */
public record NetworkSettings(Choice choice, Set<Destination> reachable) {
  /** Which network builds get. */
  public enum Choice {
    /** One of their own where this machine has what it takes, else this machine's. */
    OWN_IF_POSSIBLE,
    /** One of their own, or no build. */
    OWN,
    /** This machine's. */
    HOST
  }

  private static final String CHOICE = "TARKILN_BUILD_NETWORK";
  private static final String REACHES = "TARKILN_BUILD_REACHES";
  private static final List<String> PROXIES =
      List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy");
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  public NetworkSettings {
    reachable = Set.copyOf(reachable);
  }

  /**
   * From {@code TARKILN_BUILD_NETWORK} ({@code own}, {@code auto} or {@code host}, the default: the
   * passt of Debian 12 now and then keeps the end of a large layer to itself) and {@code
   * TARKILN_BUILD_REACHES}; the hosts of all registries that variables name, and HTTP proxies of
   * the environment, are reached too, each at its port alone.
   */
  public static NetworkSettings of(Settings settings) {
    Set<Destination> reachable = new LinkedHashSet<>();
    list(settings, REACHES).map(text -> Destination.parse(REACHES, text)).forEach(reachable::add);
    registries(settings).map(NetworkSettings::registry).forEach(reachable::add);
    PROXIES.stream()
        .flatMap(name -> settings.get(name).stream())
        .flatMap(NetworkSettings::proxy)
        .forEach(reachable::add);
    return new NetworkSettings(
        settings.get(CHOICE).map(NetworkSettings::choice).orElse(Choice.HOST), reachable);
  }

  private static Choice choice(String value) {
    return switch (value) {
      case "own" -> Choice.OWN;
      case "auto" -> Choice.OWN_IF_POSSIBLE;
      case "host" -> Choice.HOST;
      default ->
          throw new IllegalArgumentException(
              "%s=%s is no network: write own, auto or host".formatted(CHOICE, value));
    };
  }

  private static Stream<String> registries(Settings settings) {
    Stream<String> named =
        Stream.of(
                Optional.of(settings.registry()),
                Optional.of(settings.cacheRepository()),
                settings.get(Settings.KANIKO_MIRROR))
            .flatMap(Optional::stream);
    Stream<String> proxies =
        list(settings, Settings.PROXY_PROJECTS).map(each -> each.substring(each.indexOf('=') + 1));
    return Stream.of(named, proxies, list(settings, Settings.PLAIN_HTTP_REGISTRIES))
        .flatMap(each -> each)
        .map(text -> text.substring(0, (text + "/").indexOf('/')));
  }

  /** A registry without a port is asked by TLS, and where that is off in plain text. */
  private static Destination registry(String host) {
    Destination parsed = Destination.parse("a registry's host", host);
    return parsed.ports().isEmpty() ? parsed.at(List.of(HTTPS, HTTP)) : parsed;
  }

  private static Stream<Destination> proxy(String address) {
    URI uri = URI.create(address.contains("://") ? address : "http://" + address);
    return Optional.ofNullable(uri.getHost()).stream()
        .map(
            host ->
                Destination.parse("a proxy", host)
                    .at(List.of(uri.getPort() > 0 ? uri.getPort() : HTTP)));
  }

  private static Stream<String> list(Settings settings, String name) {
    return Arrays.stream(settings.get(name).orElse("").split(","))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }
}
