package io.tarkiln.git;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Looks host keys up in {@code known_hosts}. JGit's own does it, but asks for addresses of IPv6 in
 * their long form, where OpenSSH writes the short one (RFC 5952).
 */
record KnownHosts(ServerKeyDatabase real) implements ServerKeyDatabase {
  private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?=:|$)");
  private static final Pattern LITERAL = Pattern.compile("\\[?[0-9a-f]*(?::[0-9a-f]*){7}.*");

  /** Those of a folder like {@code ~/.ssh}. */
  static KnownHosts in(Path folder) {
    return new KnownHosts(
        new OpenSshServerKeyDatabase(
            false, List.of(folder.resolve("known_hosts"), folder.resolve("known_hosts2"))));
  }

  @Override
  public List<PublicKey> lookup(String connect, InetSocketAddress to, Configuration config) {
    return real.lookup(written(connect, to), to, config);
  }

  @Override
  public boolean accept(
      String connect,
      InetSocketAddress to,
      PublicKey key,
      Configuration config,
      @Nullable CredentialsProvider provider) {
    return real.accept(written(connect, to), to, key, config, provider);
  }

  private static String written(String connect, InetSocketAddress to) {
    return to.getAddress() instanceof Inet6Address address && LITERAL.matcher(connect).matches()
        ? "[%s]:%d".formatted(written(address), to.getPort())
        : connect;
  }

  /** The short form of an address. */
  static String written(Inet6Address address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    int start = 0;
    int end = 0;
    for (Matcher zeros = ZEROS.matcher(text); zeros.find(); ) {
      if (zeros.end() - zeros.start() > end - start) {
        start = zeros.start();
        end = zeros.end();
      }
    }
    return end == 0
        ? text
        : text.substring(0, start) + "::" + text.substring(Math.min(text.length(), end + 1));
  }
}
