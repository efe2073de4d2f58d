package io.tarkiln.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.samples.TestRegistry;
import java.util.List;
import java.util.Optional;

/** Images without layers, which are told from one another by a text in their config. */
final class TestImage {
  private static final String TYPE = "application/vnd.docker.distribution.manifest.v2+json";

  private TestImage() {}

  /** Makes one and puts it under a tag. */
  static Manifests.Stored put(String repository, String tag, String text) throws Exception {
    ByteArrayBlob config = ByteArrayBlob.of("{\"author\":\"%s\"}".formatted(text).getBytes(UTF_8));
    RegistryConnection registry = connect(repository);
    new BlobUploader(registry, sent -> {}).upload(config, Optional.empty());
    Manifests.Stored manifest = manifest(config);
    new Manifests(registry).put(tag, manifest);
    return manifest;
  }

  static Manifests.Stored manifest(ByteArrayBlob config) {
    String json =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},"layers":[]}\
        """
            .formatted(TYPE, config.size(), config.digest());
    return new Manifests.Stored(json.getBytes(UTF_8), TYPE);
  }

  static RegistryConnection connect(String repository) {
    return new RegistryClient(TestRegistry.settings())
        .connect(TestRegistry.image(repository), List.of());
  }
}
