package io.tarkiln.inputs;

import io.tarkiln.event.json.Json;
import io.tarkiln.event.json.UnreadableException;
import io.tarkiln.registry.BlobChecker;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.registry.error.RegistryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The OCI artifact that says from which inputs an image was built. The image is its subject, so
 * registries that know referrers delete both together; its tag is made of the inputs, so one
 * request finds it. The image itself stays as it is.
 *
 * @param repository of the image
 */
public record BuildInputsArtifact(RegistryConnection repository) {
  static final String TYPE = "application/vnd.tarkiln.build.inputs.v1+json";
  static final String INPUTS = "io.tarkiln.build.inputs";
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  /** OCI image specification 1.1, "Guidance for an Empty Descriptor". */
  private static final Descriptor EMPTY =
      new Descriptor(
          "application/vnd.oci.empty.v1+json",
          "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
          2);

  record Descriptor(String mediaType, String digest, long size) {}

  record Content(
      int schemaVersion,
      String mediaType,
      String artifactType,
      Descriptor config,
      List<Descriptor> layers,
      Descriptor subject,
      Map<String, String> annotations) {}

  /** The tag under which it lies. */
  static String tag(BuildInputs inputs) {
    return "tarkiln-inputs-" + inputs.digest().substring("sha256:".length());
  }

  /**
   * The digest of an image that was built from these inputs and is still there. What is under the
   * tag and is not ours counts for nothing.
   */
  public Optional<String> find(BuildInputs inputs) throws RegistryException {
    Manifests manifests = new Manifests(repository);
    Optional<String> image = manifests.get(tag(inputs)).flatMap(stored -> image(stored, inputs));
    return image.isPresent() && manifests.has(image.get()) ? image : Optional.empty();
  }

  private static Optional<String> image(Manifests.Stored stored, BuildInputs inputs) {
    if (!stored.mediaType().equals(MANIFEST_TYPE)) {
      return Optional.empty();
    }
    try {
      Content content = Json.read(stored.bytes(), Content.class);
      return Optional.of(content)
          .filter(found -> TYPE.equals(found.artifactType()) && found.annotations() != null)
          .filter(found -> inputs.digest().equals(found.annotations().get(INPUTS)))
          .map(Content::subject)
          .map(Descriptor::digest)
          .filter(digest -> digest.matches("sha256:[0-9a-f]{64}"));
    } catch (UnreadableException notOurs) {
      return Optional.empty();
    }
  }

  /** Writes it, over one that names an older image of the same inputs. */
  public void write(BuildInputs inputs, Manifests.Stored image) throws RegistryException {
    byte[] content =
        Json.bytes(
            new Content(
                2,
                MANIFEST_TYPE,
                TYPE,
                EMPTY,
                List.of(EMPTY),
                new Descriptor(image.mediaType(), image.digest(), image.bytes().length),
                Map.of(INPUTS, inputs.digest())));
    if (!new BlobChecker(repository).has(EMPTY.digest())) {
      ByteArrayBlob blob = ByteArrayBlob.of("{}".getBytes(StandardCharsets.UTF_8));
      new BlobUploader(repository, bytes -> {}).upload(blob, Optional.empty());
    }
    new Manifests(repository).put(tag(inputs), new Manifests.Stored(content, MANIFEST_TYPE));
  }
}
