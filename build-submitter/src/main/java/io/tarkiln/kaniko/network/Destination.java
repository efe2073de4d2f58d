package io.tarkiln.kaniko.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A place on the network: a host or a range of addresses, at some ports or at all.
 *
 * @param host a name, an address, or a range such as {@code 10.1.0.0/16}
 * @param ports of TCP; none means every port and protocol
 */
public record Destination(String host, List<Integer> ports) {
  private static final Pattern SYNTAX =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(/[0-9]{1,3})?(?::([0-9]{1,5}))?");
  private static final int LAST_PORT = 65_535;

  public Destination {
    ports = List.copyOf(ports);
  }

  /**
   * Reads {@code host[:port]} or {@code address/bits[:port]}; IPv6 addresses are in brackets.
   *
   * @param where it is written, for messages
   */
  static Destination parse(String where, String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      throw noHost(where, text);
    }
    Optional<Integer> port = Optional.ofNullable(parts.group(3)).map(Integer::valueOf);
    if (port.filter(number -> number > LAST_PORT).isPresent()) {
      throw noHost(where, text);
    }
    Destination parsed =
        new Destination(
            parts.group(1).replaceAll("[\\[\\]]", "")
                + Optional.ofNullable(parts.group(2)).orElse(""),
            port.map(List::of).orElse(List.of()));
    if (parsed.ports().isEmpty()
        && parsed.host().matches("localhost|127\\..*|::1")
        && where.startsWith("TARKILN_")) {
      throw new IllegalArgumentException(
          "%s: '%s' needs a port, as localhost:3128".formatted(where, text));
    }
    return parsed;
  }

  private static IllegalArgumentException noHost(String where, String text) {
    return new IllegalArgumentException(
        "%s: '%s' is no host: write host, host:port or address/bits".formatted(where, text));
  }

  /** The same host at these ports. */
  Destination at(List<Integer> others) {
    return new Destination(host, others);
  }

  /** Its addresses as they are known now, in the notation of {@code ip rule}; none if unknown. */
  Stream<String> addresses() {
    return host.contains("/") ? Stream.of(host) : resolved().map(Destination::text);
  }

  /** Whether it stands for this machine alone, as {@code localhost} does. */
  boolean isLoopback() {
    return !host.contains("/")
        && resolved().anyMatch(each -> each.isLoopbackAddress() || each.isAnyLocalAddress());
  }

  /** An address without the interface that link-local ones come with. */
  static String text(InetAddress address) {
    return address.getHostAddress().replaceFirst("%.*", "");
  }

  private Stream<InetAddress> resolved() {
    try {
      return Arrays.stream(InetAddress.getAllByName(host));
    } catch (UnknownHostException unknown) {
      return Stream.empty();
    }
  }
}
