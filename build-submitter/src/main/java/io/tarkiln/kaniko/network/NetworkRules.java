package io.tarkiln.kaniko.network;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where a run's network leads, as commands of {@code ip -batch}: first what is reachable, port by
 * port, then what is not; all else goes out. Who runs in the namespace without being its
 * administrator cannot change them.
 *
 * @param loopbackPorts ports of this machine's loopback that are on the namespace's own
 * @param ipv4 the rules for IPv4
 * @param ipv6 the rules for IPv6
 */
record NetworkRules(Set<Integer> loopbackPorts, List<String> ipv4, List<String> ipv6) {
  /**
   * Private, shared and link-local ranges, among which are the metadata services of clouds, and the
   * one of Azure, which is public (RFC 1918, 6598, 3927, 6890, 4193, 4291, 8215).
   */
  private static final List<String> CLOSED =
      List.of(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.168.0.0/16",
          "168.63.129.16/32",
          "fc00::/7",
          "fe80::/10",
          "64:ff9b:1::/48");

  private static final int DNS = 53;
  private static final Predicate<String> IPV6 = address -> address.contains(":");

  /** The rules as things are now: names are looked up, this machine's addresses listed. */
  static NetworkRules of(Set<Destination> reachable, ResolverFile resolver) {
    Set<Integer> loopback = new TreeSet<>();
    List<String> rules = new ArrayList<>();
    for (Destination destination : reachable) {
      if (destination.isLoopback()) {
        loopback.addAll(destination.ports());
      } else {
        destination
            .addresses()
            .forEach(address -> rules.addAll(open(address, destination.ports())));
      }
    }
    resolver
        .servers()
        .forEach(
            address ->
                Stream.of("udp", "tcp")
                    .forEach(protocol -> rules.add(open(address, protocol, DNS))));
    Stream.concat(CLOSED.stream(), own().stream())
        .forEach(range -> rules.add("rule add pref 200 to %s prohibit".formatted(range)));
    return new NetworkRules(
        loopback,
        rules.stream().filter(IPV6.negate()).toList(),
        rules.stream().filter(IPV6).toList());
  }

  private static List<String> open(String address, List<Integer> ports) {
    return ports.isEmpty()
        ? List.of("rule add pref 100 to %s lookup main".formatted(address))
        : ports.stream().map(port -> open(address, "tcp", port)).toList();
  }

  private static String open(String address, String protocol, int port) {
    return "rule add pref 100 to %s ipproto %s dport %d lookup main"
        .formatted(address, protocol, port);
  }

  /** All addresses of this machine: what listens on every one of them is not the build's. */
  private static List<String> own() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress())
          .map(Destination::text)
          .toList();
    } catch (SocketException none) {
      return List.of();
    }
  }
}
