package io.tarkiln.registry.http;

import io.tarkiln.tls.PemCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** Whose certificates a registry's TLS may rest on. */
public final class CertificateTrust {
  private CertificateTrust() {}

  /**
   * Java's own authorities and those of a PEM file.
   *
   * @throws IllegalArgumentException when the file has none
   */
  public static SSLContext in(Path pem) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, PemCertificates.read(pem).trustBesideJava(), null);
      return context;
    } catch (IOException | GeneralSecurityException broken) {
      throw new IllegalArgumentException(
          "cannot read certificates from TARKILN_REGISTRY_CA=" + pem, broken);
    }
  }
}
