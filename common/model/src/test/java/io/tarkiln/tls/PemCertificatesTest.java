package io.tarkiln.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemCertificatesTest {
  @TempDir private Path folder;

  @Test
  void reads_certificates_amid_remarks_and_keys() throws Exception {
    X509Certificate[] java = issuers(javaTrust());
    Path file = pem("# Überall vertraut\n", java[0], java[1]);

    assertThat(PemCertificates.read(file).all()).isEqualTo(Arrays.asList(java).subList(0, 2));
  }

  @Test
  void trusts_its_own_alone_or_beside_those_of_java() throws Exception {
    X509Certificate[] java = issuers(javaTrust());
    PemCertificates one = PemCertificates.read(pem("", java[0]));

    assertThat(issuers(one.trust())).containsExactly(java[0]);
    assertThat(issuers(one.trustBesideJava())).containsExactlyInAnyOrder(java);
  }

  @Test
  void a_file_without_certificates_is_refused() throws Exception {
    Path file = pem("");

    assertThatThrownBy(() -> PemCertificates.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("no certificate in " + file);
  }

  private Path pem(String remark, Certificate... certificates) throws Exception {
    StringBuilder pem =
        new StringBuilder(remark)
            .append("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    for (Certificate each : certificates) {
      pem.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder().encodeToString(each.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return Files.writeString(folder.resolve("authorities.pem"), pem);
  }

  private static TrustManager[] javaTrust() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return factory.getTrustManagers();
  }

  private static X509Certificate[] issuers(TrustManager[] managers) {
    return ((X509TrustManager) managers[0]).getAcceptedIssuers();
  }
}
