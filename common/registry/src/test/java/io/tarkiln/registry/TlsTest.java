package io.tarkiln.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class TlsTest {
  @TempDir static Path folder;
  private static TestCertificate certificate;
  private static RegistryServer registry;

  @BeforeAll
  static void start() throws Exception {
    certificate = TestCertificate.in(folder);
    registry =
        RegistryServer.start(
            folder,
            "127.0.0.1",
            RegistryServer.Options.with(
                Map.of(
                    "REGISTRY_HTTP_TLS_CERTIFICATE", certificate.certificate().toString(),
                    "REGISTRY_HTTP_TLS_KEY", certificate.key().toString())));
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void an_authority_of_ones_own_is_trusted() throws Exception {
    RegistryConnection connection =
        connect(Map.of(Settings.REGISTRY_CA, certificate.certificate().toString()));
    ByteArrayBlob blob = RegistryFixture.blob(1, 3 << 20);

    new BlobUploader(connection, count -> {}).upload(blob, Optional.empty());

    assertThat(new BlobChecker(connection).has(blob.digest())).isTrue();
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused_with_what_to_do() {
    RegistryConnection connection = connect(Map.of());

    assertThatThrownBy(() -> new BlobChecker(connection).has("sha256:1"))
        .isInstanceOfSatisfying(
            RegistryRefusedException.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.UNTRUSTED))
        .hasMessageContaining(registry.address())
        .hasMessageContaining("TARKILN_REGISTRY_CA");
  }

  @Test
  void a_file_without_certificates_is_refused() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");

    assertThatThrownBy(() -> connect(Map.of(Settings.REGISTRY_CA, empty.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TARKILN_REGISTRY_CA=" + empty);
  }

  private static RegistryConnection connect(Map<String, String> variables) {
    return new RegistryClient(RegistrySettings.of(Settings.of(variables)))
        .connect(ImageReference.parse(registry.address() + "/shop/api"), List.of());
  }
}
