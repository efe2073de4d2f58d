package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/**
 * Accounts from a file in the format of git-credential-store: lines {@code
 * https://user:password@host[/path]}. The longest path that fits wins. It is read at every use, so
 * that a mounted secret may change.
 */
final class StoredCredentials {
  private StoredCredentials() {}

  /** The account for an address; one that has none to give where there is none. */
  static CredentialsProvider of(Optional<Path> file, URIish address) throws UnavailableException {
    if (file.isEmpty() || address.getScheme() == null || address.getHost() == null) {
      return nobody();
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file.get());
    } catch (IOException unreadable) {
      throw new UnavailableException("cannot read TARKILN_GIT_CREDENTIALS", unreadable);
    }
    Optional<URI> best = Optional.empty();
    for (String line : lines) {
      Optional<URI> entry = entry(line.strip());
      if (entry.isPresent()
          && fits(entry.get(), address)
          && (best.isEmpty() || path(entry.get()).length() > path(best.get()).length())) {
        best = entry;
      }
    }
    return best.map(StoredCredentials::provider).orElseGet(StoredCredentials::nobody);
  }

  private static Optional<URI> entry(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return Optional.empty();
    }
    try {
      return Optional.of(URI.create(line)).filter(uri -> uri.getRawUserInfo() != null);
    } catch (IllegalArgumentException broken) {
      return Optional.empty();
    }
  }

  private static boolean fits(URI entry, URIish address) {
    String path = Optional.ofNullable(address.getPath()).orElse("");
    return entry.getScheme().equals(address.getScheme())
        && entry.getHost().equals(address.getHost())
        && (entry.getPort() < 0 || entry.getPort() == address.getPort())
        && (path(entry).isEmpty()
            || path.equals(path(entry))
            || path.startsWith(path(entry) + "/"));
  }

  private static String path(URI uri) {
    return uri.getPath() == null ? "" : uri.getPath().replaceFirst("/+$", "");
  }

  private static CredentialsProvider provider(URI entry) {
    String[] account = entry.getRawUserInfo().split(":", 2);
    return new UsernamePasswordCredentialsProvider(
        URLDecoder.decode(account[0], UTF_8),
        account.length > 1 ? URLDecoder.decode(account[1], UTF_8) : "");
  }

  private static CredentialsProvider nobody() {
    return new NoCredentials();
  }
}
