package io.tarkiln.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.RegistryServer.Program;
import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.BlobChecker;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.registry.credentials.DockerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class LayerCacheExpiryTest {
  private static final String TYPE = "application/vnd.docker.distribution.manifest.v2+json";

  @TempDir private Path folder;

  @Test
  void deletes_layers_that_kaniko_would_not_take_any_more_and_no_image() throws Exception {
    Program program = Program.binary(GoTools.provide("registry"));
    ByteArrayBlob layer = ByteArrayBlob.of("{\"layer\":1}".getBytes(UTF_8));
    ByteArrayBlob image = ByteArrayBlob.of("{\"image\":1}".getBytes(UTF_8));
    try (RegistryServer registry = start(program)) {
      put(registry, "kaniko-cache/shop-api", layer);
      put(registry, "kaniko-cache/my-shop/api", layer);
      put(registry, "shop/api", image);
    }
    LayerCacheExpiry expiry = new LayerCacheExpiry(program, folder);

    assertThat(expiry.expire(Instant.now())).isZero();
    assertThat(expiry.expire(Instant.now().plus(LayerCacheExpiry.KEEP).plus(Duration.ofHours(1))))
        .isEqualTo(2);

    try (RegistryServer registry = start(program)) {
      RegistryConnection cache = connect(registry, "kaniko-cache/shop-api");
      assertThat(new Manifests(cache).has("1")).isFalse();
      assertThat(new BlobChecker(cache).has(layer.digest())).isFalse();
      RegistryConnection images = connect(registry, "shop/api");
      assertThat(new Manifests(images).has("1")).isTrue();
      assertThat(new BlobChecker(images).has(image.digest())).isTrue();
    }
  }

  private RegistryServer start(Program program) throws Exception {
    return RegistryServer.start(program, folder, "localhost", 0, RegistryServer.Options.PLAIN);
  }

  private static void put(RegistryServer registry, String repository, ByteArrayBlob config)
      throws Exception {
    RegistryConnection to = connect(registry, repository);
    new BlobUploader(to, sent -> {}).upload(config, Optional.empty());
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},"layers":[]}\
        """
            .formatted(TYPE, config.size(), config.digest());
    new Manifests(to).put("1", new Manifests.Stored(manifest.getBytes(UTF_8), TYPE));
  }

  private static RegistryConnection connect(RegistryServer registry, String repository) {
    RegistrySettings settings =
        new RegistrySettings(
            Set.of(registry.address()), new DockerConfig(Path.of("no-such-folder")));
    return new RegistryClient(settings)
        .connect(ImageReference.parse(registry.address() + "/" + repository), List.of());
  }
}
