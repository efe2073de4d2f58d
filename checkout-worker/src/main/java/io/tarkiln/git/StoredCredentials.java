package io.tarkiln.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/**
 * Accounts from a file in the format of git-credential-store: lines {@code
 * https://user:password@host[/path]}; all others are ignored. The longest path that fits wins. It
 * is read at every use, so that a mounted secret may change.
 */
public final class StoredCredentials extends CredentialsProvider {
  private static final Pattern ENTRY =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@"
              + "(?<host>\\[[^]]*]|[^:/?#@]+)(?::(?<port>[0-9]{1,5}))?(?<path>/[^?#]*)?");

  private final Optional<Path> file;

  StoredCredentials(Optional<Path> file) {
    this.file = file;
  }

  /** Who to be somewhere. */
  public record Account(String user, String password) {
    @Override
    public String toString() {
      return "an account";
    }
  }

  /**
   * The account for an address, if there is one.
   *
   * @param path of the address, beginning with a slash
   */
  public Optional<Account> of(String scheme, String host, int port, String path)
      throws IOException {
    return lines()
        .map(line -> ENTRY.matcher(line.strip()))
        .filter(Matcher::matches)
        .map(StoredCredentials::entry)
        .filter(entry -> entry.fits(scheme, host, port, path))
        .reduce((best, each) -> each.path().length() > best.path().length() ? each : best)
        .map(Entry::account);
  }

  private Stream<String> lines() throws IOException {
    return file.isEmpty()
        ? Stream.empty()
        : new String(Files.readAllBytes(file.get()), UTF_8).lines();
  }

  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public boolean supports(CredentialItem... items) {
    return Arrays.stream(items)
        .allMatch(
            item ->
                item instanceof CredentialItem.Username || item instanceof CredentialItem.Password);
  }

  @Override
  public boolean get(URIish uri, CredentialItem... items) {
    if (!supports(items) || uri.getScheme() == null || uri.getHost() == null) {
      return false;
    }
    Optional<Account> account;
    try {
      String path = Optional.ofNullable(uri.getPath()).orElse("");
      account = of(uri.getScheme(), uri.getHost(), uri.getPort(), path);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read TARKILN_GIT_CREDENTIALS", unreadable);
    }
    for (CredentialItem item : account.isPresent() ? items : new CredentialItem[0]) {
      if (item instanceof CredentialItem.Username user) {
        user.setValue(account.get().user());
      } else if (item instanceof CredentialItem.Password password) {
        password.setValue(account.get().password().toCharArray());
      }
    }
    return account.isPresent();
  }

  /** A line that names an account. */
  private record Entry(String scheme, String host, int port, String path, Account account) {
    boolean fits(String scheme, String host, int port, String path) {
      return this.scheme.equalsIgnoreCase(scheme)
          && this.host.equalsIgnoreCase(host)
          && (this.port < 0 || this.port == port || port < 0 && this.port == usual(scheme))
          && (this.path.isEmpty() || path.equals(this.path) || path.startsWith(this.path + "/"));
    }

    private static int usual(String scheme) {
      return scheme.equalsIgnoreCase("https") ? 443 : 80;
    }
  }

  private static Entry entry(Matcher line) {
    return new Entry(
        line.group("scheme"),
        line.group("host"),
        line.group("port") == null ? -1 : Integer.parseInt(line.group("port")),
        (line.group("path") == null ? "" : decoded(line.group("path"))).replaceFirst("/+$", ""),
        new Account(
            decoded(line.group("user")),
            line.group("password") == null ? "" : decoded(line.group("password"))));
  }

  /** As git does it, what is no escape is itself; and so is a plus, unlike in a form. */
  private static String decoded(String text) {
    return URLDecoder.decode(
        text.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25"), UTF_8);
  }
}
