package io.tarkiln.git.host;

import io.tarkiln.build.AddressPath;
import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.URIish;

/**
 * The address of a repository that may be fetched from.
 *
 * @param text as the request wrote it
 */
public record GitAddress(String text, URIish uri) {
  private static final Pattern ROOT =
      Pattern.compile("[a-z]+://[^/]*|(?:[^/@:\\[]*@)?\\[[^]]*]:|[^/:]+:|");

  /** Printable, and for folders of this machine with letters of all kinds and spaces. */
  private static final Pattern FORM =
      Pattern.compile("[\\x21-\\x7e]+|file:[^\\p{Cntrl}]+", Pattern.UNICODE_CHARACTER_CLASS);

  /** A name, which chooses among accounts; a password is refused. */
  private static final Pattern WEB_USER = Pattern.compile("^(https?://)[^/@:]*@");

  private static final Pattern IPV6 =
      Pattern.compile("((?:[a-z]+://)?(?:[^/@]*@)?)\\[([0-9A-Fa-f:.]+)]");
  private static final Pattern HELPER = Pattern.compile("[A-Za-z0-9+.-]+::.*");

  /** Checks an address against what is allowed. */
  public static GitAddress of(String text, HostPolicy hosts) throws RejectedException {
    if (text.startsWith("-") || HELPER.matcher(text).matches() || !FORM.matcher(text).matches()) {
      throw new RejectedException(
          Reason.BAD_REQUEST,
          "the repository's address '%s' must be one https://, ssh:// or git@host:path address"
              .formatted(shown(text)));
    }
    URIish uri;
    try {
      uri = parsed(text);
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
    hosts.check(address.scheme(), address.host(), shown(text));
    if (address.isDevious()) {
      throw new RejectedException(
          Reason.BAD_REQUEST,
          "the path of %s must be written without '..', and with '%%' only where it must"
              .formatted(shown(text)));
    }
    return address;
  }

  /**
   * JGit's parser knows no address of IPv6 in some forms; and its ssh takes it without brackets.
   */
  private static URIish parsed(String text) throws URISyntaxException {
    Matcher ipv6 = IPV6.matcher(text);
    if (!ipv6.lookingAt()) {
      return new URIish(text);
    }
    URIish uri = new URIish(ipv6.group(1) + "ipv6" + text.substring(ipv6.end()));
    String address = ipv6.group(2).toLowerCase(Locale.ROOT);
    return uri.setHost(isSsh(uri) ? address : "[" + address + "]");
  }

  /**
   * Another repository's address, as {@code .gitmodules} writes it: beginning with {@code ./} or
   * {@code ../} it is relative to this one (git-submodule, "add"). A user's name in it is left out:
   * who we are there is an operator's business.
   */
  public GitAddress resolve(String other, HostPolicy hosts) throws RejectedException {
    GitAddress resolved =
        other.startsWith("./") || other.startsWith("../")
            ? of(relative(other), hosts)
            : of(WEB_USER.matcher(other).replaceFirst("$1"), hosts);
    if (resolved.scheme().equals("file") && !scheme().equals("file")) {
      throw new RejectedException(
          Reason.NOT_ALLOWED,
          "%s may not refer to files of this machine, as %s".formatted(this, resolved));
    }
    return resolved;
  }

  private String relative(String other) throws RejectedException {
    Matcher root = ROOT.matcher(text);
    String start = root.lookingAt() ? root.group() : "";
    String path = text.substring(start.length());
    Deque<String> parts = new ArrayDeque<>();
    Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).forEach(parts::addLast);
    for (String part : other.split("/")) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          throw new RejectedException(
              Reason.BAD_REQUEST,
              "the submodule address '%s' leads out of %s".formatted(other, this));
        }
      } else if (!part.equals(".") && !part.isEmpty()) {
        parts.addLast(part);
      }
    }
    return start + (path.startsWith("/") ? "/" : "") + String.join("/", parts);
  }

  /** Whether its path could mean another than it seems to, to whoever compares paths. */
  private boolean isDevious() {
    String path = Optional.ofNullable(uri.getRawPath()).orElse("");
    return !scheme().equals("file") && !AddressPath.isPlain(path);
  }

  public String scheme() {
    return Optional.ofNullable(uri.getScheme())
        .map(scheme -> scheme.toLowerCase(Locale.ROOT))
        .orElse(uri.getHost() == null ? "" : "ssh");
  }

  /** The host; empty where there is none. */
  public String host() {
    return Optional.ofNullable(uri.getHost()).orElse("");
  }

  private static boolean isSsh(URIish uri) {
    return uri.getScheme() == null || uri.getScheme().equals("ssh");
  }

  private static String shown(String text) {
    return PrintableText.of(text, 200).replaceAll("//[^/@]*@", "//***@");
  }

  @Override
  public String toString() {
    return shown(text);
  }
}
