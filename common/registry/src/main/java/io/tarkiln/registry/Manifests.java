package io.tarkiln.registry;

import io.tarkiln.image.Digests;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.ErrorMapping;
import io.tarkiln.registry.http.RegistryAnswer;
import io.tarkiln.registry.http.RegistryRequest;
import java.util.Optional;

/** Reads and writes manifests, by tag or digest. */
public record Manifests(RegistryConnection registry) {
  private static final String ACCEPTED =
      String.join(
          ",",
          "application/vnd.docker.distribution.manifest.v2+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.oci.image.index.v1+json");

  /** A manifest as it lies in the registry. */
  public record Stored(byte[] bytes, String mediaType) {
    public String digest() {
      return Digests.of(bytes);
    }
  }

  /** Whether there is a manifest of that tag or digest, and so all blobs that it names. */
  public boolean has(String reference) throws RegistryException {
    return registry.send(request("HEAD", reference)).statusCode() == 200;
  }

  /** The manifest that a tag or digest names, if there is one. */
  public Optional<Stored> get(String reference) throws RegistryException {
    RegistryAnswer response = registry.send(request("GET", reference));
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw ErrorMapping.unexpected(response, "reading " + reference, registry.image());
    }
    Stored manifest =
        new Stored(
            response.body(),
            response.headers().firstValue("Content-Type").orElse("application/json"));
    if (reference.startsWith("sha256:") && !manifest.digest().equals(reference)) {
      throw new RegistryUnavailableException(
          "%s answers %s with other bytes".formatted(registry.image().name(), reference));
    }
    return Optional.of(manifest);
  }

  /** The digest of the manifest that a tag or digest names, if there is one. */
  public Optional<String> digest(String reference) throws RegistryException {
    RegistryAnswer response = registry.send(request("HEAD", reference));
    Optional<String> said =
        response.statusCode() == 200
            ? response.headers().firstValue("Docker-Content-Digest")
            : Optional.empty();
    // Not every registry says it (OCI distribution specification: it "should").
    return said.isPresent() ? said : get(reference).map(Stored::digest);
  }

  /** Writes a manifest under a tag or its digest; writing what is there changes nothing. */
  public void put(String reference, Stored manifest) throws RegistryException {
    RegistryAnswer response =
        registry.send(
            RegistryRequest.of(
                    "PUT",
                    registry.uri("manifests/" + reference),
                    "Content-Type",
                    manifest.mediaType())
                .with(manifest.bytes()));
    if (response.statusCode() != 201 && response.statusCode() != 200) {
      throw ErrorMapping.unexpected(response, "the manifest " + reference, registry.image());
    }
  }

  /**
   * Takes a tag away and leaves the manifest that it named (OCI distribution specification 1.1,
   * "Deleting tags").
   *
   * @return whether the tag is gone; not every registry does that, and not for every account
   */
  public boolean deleteTag(String tag) throws RegistryException {
    try {
      int status =
          registry
              .send(RegistryRequest.of("DELETE", registry.uri("manifests/" + tag)))
              .statusCode();
      return status == 200 || status == 202 || status == 204 || status == 404;
    } catch (RegistryRefusedException refused) {
      return false;
    }
  }

  private RegistryRequest request(String method, String reference) {
    return RegistryRequest.of(method, registry.uri("manifests/" + reference), "Accept", ACCEPTED);
  }
}
