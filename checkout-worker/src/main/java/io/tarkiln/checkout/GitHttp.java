package io.tarkiln.checkout;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/**
 * Connections to git servers over http and https.
 *
 * @param trusted what an operator's certificate authorities trust; null for Java's own
 */
record GitHttp(TrustManager[] trusted) implements HttpConnectionFactory {
  /** Java's own trust, unless there is a PEM file with authorities. */
  static GitHttp trusting(Optional<Path> authorities) throws UnavailableException {
    if (authorities.isEmpty()) {
      return new GitHttp(null);
    }
    try (InputStream pem = Files.newInputStream(authorities.get())) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return new GitHttp(factory.getTrustManagers());
    } catch (IOException | GeneralSecurityException broken) {
      throw new UnavailableException(
          "cannot read certificates from TARKILN_GIT_CA=" + authorities.get(), broken);
    }
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    return configured(new Connection(url));
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return configured(new Connection(url, proxy));
  }

  private HttpConnection configured(Connection connection) throws IOException {
    if (trusted == null) {
      return connection;
    }
    try {
      connection.configure(null, trusted, null);
      return connection;
    } catch (GeneralSecurityException broken) {
      throw new IOException("cannot use the certificates of TARKILN_GIT_CA", broken);
    }
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

    Connection(URL url) throws IOException {
      super(url);
    }

    Connection(URL url, Proxy proxy) throws IOException {
      super(url, proxy);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      String query = getURL().getQuery();
      if (query != null && query.contains(SERVICE) && !SMART.equals(getContentType())) {
        throw new NoGitServerException(getContentType());
      }
      return super.getInputStream();
    }
  }
}
