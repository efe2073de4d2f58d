package io.tarkiln.git;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.HostPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

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

    NoGitServerException(String contentType) {
      super("an answer of type " + contentType + " is not git's smart protocol");
    }
  }

  /**
   * Insists on git's smart protocol: where JGit meets anything else, such as a login page, it tries
   * the protocol of static files, for which it has no repository here.
   */
  private static final class Connection extends JDKHttpConnection {
    private static final String SERVICE = "service=git-upload-pack";
    private static final String SMART = "application/x-git-upload-pack-advertisement";

    private final FetchGuard guard;

    Connection(URL url, Proxy proxy, FetchGuard guard) throws IOException {
      super(url, proxy);
      this.guard = guard;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      String query = getURL().getQuery();
      if (query != null && query.contains(SERVICE) && !SMART.equals(getContentType())) {
        throw new NoGitServerException(getContentType());
      }
      return guard.bounded(super.getInputStream());
    }
  }
}
