package io.tarkiln.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/**
 * Accounts from a file in the format of git-credential-store: lines {@code
 * https://user:password@host[/path]}. The longest path that fits wins. It is read at every use, so
 * that a mounted secret may change.
 */
public final class StoredCredentials extends CredentialsProvider {
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
    Optional<URI> best = Optional.empty();
    for (String line : file.isEmpty() ? List.<String>of() : Files.readAllLines(file.get())) {
      Optional<URI> entry = entry(line.strip());
      if (entry.isPresent()
          && fits(entry.get(), scheme, host, port, path)
          && (best.isEmpty() || path(entry.get()).length() > path(best.get()).length())) {
        best = entry;
      }
    }
    return best.map(StoredCredentials::account);
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

  private static Optional<URI> entry(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return Optional.empty();
    }
    try {
      return Optional.of(URI.create(line))
          .filter(uri -> uri.getRawUserInfo() != null && uri.getHost() != null);
    } catch (IllegalArgumentException broken) {
      return Optional.empty();
    }
  }

  private static boolean fits(URI entry, String scheme, String host, int port, String path) {
    return entry.getScheme().equalsIgnoreCase(scheme)
        && entry.getHost().equalsIgnoreCase(host)
        && (entry.getPort() < 0 || entry.getPort() == port)
        && (path(entry).isEmpty()
            || path.equals(path(entry))
            || path.startsWith(path(entry) + "/"));
  }

  private static String path(URI uri) {
    return uri.getPath() == null ? "" : uri.getPath().replaceFirst("/+$", "");
  }

  private static Account account(URI entry) {
    String[] account = entry.getRawUserInfo().split(":", 2);
    // A plus is itself in the user part of an address, unlike in a form.
    return new Account(decoded(account[0]), account.length > 1 ? decoded(account[1]) : "");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }
}
