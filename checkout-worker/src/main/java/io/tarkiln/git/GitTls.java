package io.tarkiln.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.tls.PemCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;

/**
 * Whom we trust over https, and who we are there. Files are PEM and read at every use, so that a
 * mounted secret may change.
 */
record GitTls(Optional<Path> authorities, Optional<Path> clientCertificates) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
  private static final char[] NO_PASSWORD = new char[0];

  /** What an operator's authorities trust; empty for Java's own. */
  Optional<TrustManager[]> trusted() throws UnavailableException {
    if (authorities.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PemCertificates.read(authorities.get()).trust());
    } catch (IOException | GeneralSecurityException broken) {
      throw new UnavailableException(
          "cannot read certificates from TARKILN_GIT_CA=" + authorities.get(), broken);
    }
  }

  /** Our certificate and key for a host, from {@code <host>.pem}. */
  Optional<KeyManager[]> identity(String host) throws UnavailableException {
    Optional<Path> file =
        clientCertificates
            .filter(folder -> host.matches("[A-Za-z0-9._-]+"))
            .map(folder -> folder.resolve(host + ".pem"))
            .filter(Files::exists);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setKeyEntry(
          "client",
          key(Files.readString(file.get(), ISO_8859_1)),
          NO_PASSWORD,
          PemCertificates.read(file.get()).all().toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return Optional.of(factory.getKeyManagers());
    } catch (IOException | GeneralSecurityException | IllegalArgumentException broken) {
      throw new UnavailableException(
          "cannot read a certificate and its key from %s: both must be PEM, the key as 'openssl pkcs8 -topk8 -nodes' writes it"
              .formatted(file.get()),
          broken);
    }
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    Matcher matcher = KEY.matcher(pem);
    if (!matcher.find()) {
      throw new GeneralSecurityException("no private key");
    }
    PKCS8EncodedKeySpec key =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (GeneralSecurityException another) {
        // The file does not say in words which kind it is.
      }
    }
    throw new GeneralSecurityException("a private key of an unknown kind");
  }
}
