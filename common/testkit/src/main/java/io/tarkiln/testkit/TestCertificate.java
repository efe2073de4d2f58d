package io.tarkiln.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for 127.0.0.1 that nobody has signed but itself, in PEM files.
 *
 * @param certificate which a client may be told to trust
 * @param key of the server
 */
public record TestCertificate(Path certificate, Path key) {
  private static final String PASSWORD = "for-the-tests";
  private static final String ALIAS = "server";

  public static TestCertificate in(Path folder) throws Exception {
    KeyStore keys = keys(folder);
    return new TestCertificate(
        pem(folder, "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
        pem(folder, "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
  }

  /** The same in a store of Java's. */
  static KeyStore keys(Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String[] options = "-genkeypair -keyalg EC -dname CN=test -ext san=ip:127.0.0.1".split(" ");
    List<String> command = new ArrayList<>(List.of(keytool));
    command.addAll(List.of(options));
    command.addAll(List.of("-alias", ALIAS, "-storepass", PASSWORD, "-keystore", store.toString()));
    Program.of(command).output();
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  /** What a server shows that nobody needs to trust. */
  public static SSLContext server(Path folder) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers(keys(folder)), null, null);
    return tls;
  }

  static KeyManager[] managers(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    return factory.getKeyManagers();
  }

  private static Path pem(Path folder, String what, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %1$s-----%n"
            .formatted(
                what, Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der));
    return Files.writeString(folder.resolve(what.replace(' ', '-') + ".pem"), text);
  }
}
