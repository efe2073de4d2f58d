package io.tarkiln.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates a registry's TLS may rest on. */
public final class CertificateTrust {
  private CertificateTrust() {}

  /**
   * Java's own authorities and those of a PEM file.
   *
   * @throws IllegalArgumentException when the file has none
   */
  public static SSLContext in(Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> added =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (added.isEmpty()) {
        throw new GeneralSecurityException("no certificate");
      }
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      for (X509Certificate each : own()) {
        all.setCertificateEntry("own-" + all.size(), each);
      }
      for (Certificate each : added) {
        all.setCertificateEntry("added-" + all.size(), each);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(all), null);
      return context;
    } catch (IOException | GeneralSecurityException broken) {
      throw new IllegalArgumentException(
          "cannot read certificates from TARKILN_REGISTRY_CA=" + pem, broken);
    }
  }

  private static X509Certificate[] own() throws GeneralSecurityException {
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager own) {
        return own.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
