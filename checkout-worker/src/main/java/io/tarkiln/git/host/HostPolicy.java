package io.tarkiln.git.host;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/**
 * Decides which hosts may be spoken to, for every request anew: redirects and addresses that a
 * server names are held to the same rules.
 *
 * <p>A name is resolved right before it is connected to, and Java keeps the answer for longer than
 * that takes ({@code networkaddress.cache.ttl}, 30 seconds), so a name that changes its address in
 * between gains nothing.
 */
public record HostPolicy(GitSettings.Reach reach) {
  /** Not to be spoken to; as an exception that passes through JGit. */
  public static final class NotAllowedException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotAllowedException(RejectedException why) {
      super(why.getMessage(), why);
    }
  }

  /** Checks scheme and name; nothing is sent. */
  public void check(String scheme, String host, String shown) throws RejectedException {
    switch (scheme.toLowerCase(Locale.ROOT)) {
      case "https", "ssh" -> {}
      case "http", "git" -> {
        if (!has(reach.plainHttpHosts(), host)) {
          throw notAllowed(
              shown,
              "%s has no TLS and is only for hosts in TARKILN_GIT_PLAIN_HTTP_HOSTS: use https"
                  .formatted(scheme));
        }
      }
      case "file" -> {
        if (!reach.allowFile()) {
          throw notAllowed(
              shown, "file addresses are only allowed with TARKILN_GIT_ALLOW_FILE=true");
        }
        return;
      }
      default -> throw notAllowed(shown, "only https and ssh are allowed");
    }
    if (host.isEmpty() || host.startsWith("-")) {
      throw new RejectedException(Reason.BAD_REQUEST, shown + " names no host");
    }
    if (!reach.hosts().isEmpty() && !has(reach.hosts(), host)) {
      throw notAllowed(shown, host + " is not in TARKILN_GIT_HOSTS");
    }
  }

  /**
   * Checks where a name leads, where private addresses are forbidden.
   *
   * @throws UnknownHostException when there is no such host
   */
  public void checkAddresses(String host, String shown)
      throws RejectedException, UnknownHostException {
    if (reach.privateAddresses() || has(reach.plainHttpHosts(), host)) {
      return;
    }
    for (InetAddress address : InetAddress.getAllByName(host)) {
      if (isPrivate(address)) {
        throw notAllowed(
            shown,
            "%s has the private address %s, and TARKILN_GIT_PRIVATE_ADDRESSES is false"
                .formatted(host, address.getHostAddress()));
      }
    }
  }

  /** An address of IPv6 may be written with brackets and without. */
  private static boolean has(Set<String> hosts, String host) {
    return hosts.contains(host)
        || hosts.contains("[" + host + "]")
        || hosts.contains(host.replaceAll("[\\[\\]]", ""));
  }

  /** Loopback, link-local (RFC 3927), private (RFC 1918, 4193, 6598) and what is no host at all. */
  static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    boolean thisNetwork = bytes.length == 4 && bytes[0] == 0;
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || shared
        || thisNetwork
        || uniqueLocal;
  }

  private static RejectedException notAllowed(String shown, String why) {
    return new RejectedException(Reason.NOT_ALLOWED, "cannot fetch %s: %s".formatted(shown, why));
  }
}
