package io.tarkiln.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate for 127.0.0.1 that nobody has signed but itself, in PEM files.
 *
 * @param certificate which a client may be told to trust
 * @param key of the server
 */
public record TestCertificate(Path certificate, Path key) {
  private static final String PASSWORD = "for-the-tests";

  public static TestCertificate in(Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=registry",
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    return new TestCertificate(
        pem(folder, "CERTIFICATE", keys.getCertificate("registry").getEncoded()),
        pem(folder, "PRIVATE KEY", keys.getKey("registry", PASSWORD.toCharArray()).getEncoded()));
  }

  private static Path pem(Path folder, String what, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %1$s-----%n"
            .formatted(
                what, Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der));
    return Files.writeString(folder.resolve(what.replace(' ', '-') + ".pem"), text);
  }
}
