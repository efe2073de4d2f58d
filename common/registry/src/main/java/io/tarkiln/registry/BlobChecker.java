package io.tarkiln.registry;

import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.http.RegistryRequest;

/** Asks whether a repository has a blob. */
public record BlobChecker(RegistryConnection registry) {
  public boolean has(String digest) throws RegistryException {
    return registry.send(RegistryRequest.of("HEAD", registry.uri("blobs/" + digest))).statusCode()
        == 200;
  }
}
