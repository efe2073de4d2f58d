package io.tarkiln.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Locale.ROOT;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.HostPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/** Connections of one fetch to git servers over http and https, each to a host that is allowed. */
record GitHttp(HostPolicy hosts, GitTls tls, FetchGuard guard) implements HttpConnectionFactory {
  @Override
  public HttpConnection create(URL url) throws IOException {
    return create(url, Proxy.NO_PROXY);
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    try {
      hosts.check(url.getProtocol(), url.getHost(), shown(url));
      if (proxy.type() == Proxy.Type.DIRECT) {
        hosts.checkAddresses(url.getHost(), shown(url));
      }
      Connection connection = new Connection(url, proxy, guard);
      Optional<TrustManager[]> trusted = tls.trusted();
      Optional<KeyManager[]> identity = tls.identity(url.getHost());
      if (url.getProtocol().equals("https") && (trusted.isPresent() || identity.isPresent())) {
        connection.configure(identity.orElse(null), trusted.orElse(null), null);
      }
      return connection;
    } catch (RejectedException refused) {
      throw new HostPolicy.NotAllowedException(refused);
    } catch (UnavailableException | GeneralSecurityException broken) {
      throw new IOException(broken.getMessage(), broken);
    }
  }

  private static String shown(URL url) {
    return "%s://%s%s".formatted(url.getProtocol(), url.getHost(), url.getPath());
  }

  /** Something answers, but it is no git server. */
  static final class NoGitServerException extends IOException {
    private static final long serialVersionUID = 1L;

    NoGitServerException(@Nullable String contentType) {
      super("an answer of type " + contentType + " is not git's smart protocol");
    }
  }

  /** The files of a repository are there, and no git that would serve them. */
  static final class DumbServerException extends IOException {
    private static final long serialVersionUID = 1L;

    DumbServerException() {
      super("the files of a repository, and no git that serves them");
    }
  }

  /** The server says no, and would say it again. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status, @Nullable String message) {
      super("%d %s".formatted(status, message == null ? "" : message).strip());
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * Insists on git's smart protocol: where JGit meets anything else, such as a login page, it tries
   * the protocol of static files, for which it has no repository here.
   */
  private static final class Connection extends JDKHttpConnection {
    private static final String SERVICE = "service=git-upload-pack";
    private static final String SMART = "application/x-git-upload-pack-advertisement";

    private static final int LONGEST_ID = 64;

    /** How {@code info/refs} begins where it is a file (gitrepository-layout). */
    private static final Pattern DUMB = Pattern.compile("(?:[0-9a-f]{40}|[0-9a-f]{64})\t");

    /** JGit's own, and those by which a server asks to come again. */
    private static final Set<Integer> KNOWN =
        Set.of(301, 302, 303, 307, 308, 401, 403, 404, 408, 425, 429);

    private final FetchGuard guard;

    Connection(URL url, Proxy proxy, FetchGuard guard) throws IOException {
      super(url, proxy);
      this.guard = guard;
    }

    /** JGit knows of no parameters of it. */
    @Override
    public @Nullable String getContentType() {
      String type = super.getContentType();
      return type == null ? null : type.replaceFirst("\\s*;.*", "").strip().toLowerCase(ROOT);
    }

    /** JGit takes all that it does not know for a failure that may pass. */
    @Override
    public int getResponseCode() throws IOException {
      int status = super.getResponseCode();
      if (status >= 300 && status < 500 && !KNOWN.contains(status)) {
        throw new RefusedException(status, super.getResponseMessage());
      }
      return status;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      String query = getURL().getQuery();
      if (query != null && query.contains(SERVICE) && !SMART.equals(getContentType())) {
        byte[] start = super.getInputStream().readNBytes(LONGEST_ID + 1);
        throw DUMB.matcher(new String(start, ISO_8859_1)).lookingAt()
            ? new DumbServerException()
            : new NoGitServerException(getContentType());
      }
      return guard.bounded(super.getInputStream());
    }
  }
}
