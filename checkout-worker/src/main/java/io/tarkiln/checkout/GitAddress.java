package io.tarkiln.checkout;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.transport.URIish;

/**
 * The address of a repository that may be fetched from.
 *
 * @param text as the request wrote it
 */
record GitAddress(String text, URIish uri) {
  /** Checks an address against what is allowed. */
  static GitAddress of(String text, GitSettings settings) throws RejectedException {
    if (text.startsWith("-") || text.contains("::") || !text.matches("[\\x21-\\x7e]+")) {
      throw new RejectedException(
          Reason.BAD_REQUEST,
          "the repository's address must be one https://, ssh:// or git@host:path address");
    }
    URIish uri;
    try {
      uri = new URIish(text);
    } catch (URISyntaxException broken) {
      throw new RejectedException(
          Reason.BAD_REQUEST, "'%s' is not the address of a repository".formatted(shown(text)));
    }
    if (uri.getPass() != null || (uri.getUser() != null && !isSsh(uri))) {
      throw new RejectedException(
          Reason.BAD_REQUEST,
          "the repository's address must not hold an account: put it into the checkout-worker's"
              + " TARKILN_GIT_CREDENTIALS");
    }
    GitAddress address = new GitAddress(text, uri);
    address.checkScheme(settings);
    address.checkHost(settings);
    return address;
  }

  private void checkScheme(GitSettings settings) throws RejectedException {
    String scheme = scheme();
    if (scheme.equals("https") || scheme.equals("ssh")) {
      return;
    }
    if (scheme.equals("http")) {
      if (settings.plainHttpHosts().contains(uri.getHost())) {
        return;
      }
      throw notAllowed(
          "http without TLS is only for hosts in TARKILN_GIT_PLAIN_HTTP_HOSTS: use https");
    }
    if (scheme.equals("file")) {
      if (settings.allowFile()) {
        return;
      }
      throw notAllowed("file addresses are only allowed with TARKILN_GIT_ALLOW_FILE=true");
    }
    throw notAllowed("only https and ssh are allowed");
  }

  private void checkHost(GitSettings settings) throws RejectedException {
    boolean isLocal = scheme().equals("file");
    if (!isLocal && (uri.getHost() == null || uri.getHost().startsWith("-"))) {
      throw new RejectedException(Reason.BAD_REQUEST, shown(text) + " names no host");
    }
    if (!isLocal && !settings.hosts().isEmpty() && !settings.hosts().contains(uri.getHost())) {
      throw notAllowed(uri.getHost() + " is not in TARKILN_GIT_HOSTS");
    }
  }

  private String scheme() {
    return Optional.ofNullable(uri.getScheme())
        .map(scheme -> scheme.toLowerCase(Locale.ROOT))
        .orElse(uri.getHost() == null ? "" : "ssh");
  }

  private static boolean isSsh(URIish uri) {
    return uri.getScheme() == null || uri.getScheme().equals("ssh");
  }

  private RejectedException notAllowed(String why) {
    return new RejectedException(
        Reason.NOT_ALLOWED, "cannot fetch %s: %s".formatted(shown(text), why));
  }

  private static String shown(String text) {
    String cut = text.length() > 200 ? text.substring(0, 200) + "..." : text;
    return cut.replaceAll("//[^/@]*@", "//***@");
  }

  @Override
  public String toString() {
    return shown(text);
  }
}
