package io.tarkiln.registry;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.registry.http.RegistryRequest;

/** Asks whether a repository has a blob. */
public record BlobChecker(RegistryConnection registry) {
  public boolean has(String digest) throws RejectedException, UnavailableException {
    return registry.send(RegistryRequest.of("HEAD", registry.uri("blobs/" + digest))).statusCode()
        == 200;
  }
}
