package io.tarkiln.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates in a PEM file, and trust in those that they have signed.
 *
 * @param all in the order of the file; at least one
 */
public record PemCertificates(List<Certificate> all) {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  public PemCertificates {
    all = List.copyOf(all);
  }

  /**
   * Reads a file, which may have a key or remarks in it as well.
   *
   * @throws IOException when it cannot be read or has no certificate
   * @throws GeneralSecurityException when one in it is broken
   */
  public static PemCertificates read(Path file) throws IOException, GeneralSecurityException {
    Matcher each = CERTIFICATE.matcher(Files.readString(file, ISO_8859_1));
    StringBuilder found = new StringBuilder();
    while (each.find()) {
      found.append(each.group()).append('\n');
    }
    if (found.isEmpty()) {
      throw new IOException("no certificate in " + file);
    }
    return new PemCertificates(
        new ArrayList<>(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(
                    new ByteArrayInputStream(found.toString().getBytes(ISO_8859_1)))));
  }

  /** Trust in these authorities alone. */
  public TrustManager[] trust() throws IOException, GeneralSecurityException {
    return managers(store(all));
  }

  /** Trust in these authorities and in Java's own. */
  public TrustManager[] trustBesideJava() throws IOException, GeneralSecurityException {
    List<Certificate> both = new ArrayList<>(all);
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager java) {
        both.addAll(List.of(java.getAcceptedIssuers()));
      }
    }
    return managers(store(both));
  }

  private static KeyStore store(List<Certificate> authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate each : authorities) {
      store.setCertificateEntry("authority-" + store.size(), each);
    }
    return store;
  }

  /** Without a store, Java's own. */
  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
